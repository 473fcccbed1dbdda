// A person whose language is Hindi is answered in Hindi by every verb of the product, and nobody else is.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations } from '../../src/features.ts';
import { approvalsDay, experimentsDay } from '../support/answers/decision-day.ts';
import { type Answer, type Desk, openDesk } from '../support/answers/desk.ts';
import { askTheRest } from '../support/answers/examples.ts';
import { endpointsDay, factsDay, mailDay, webhooksDay } from '../support/answers/outside-day.ts';
import { hasHindi, notHindi, stringsIn, stringsUnder } from '../support/answers/reading.ts';
import { alertsDay, peopleDay } from '../support/answers/team-day.ts';
import { auditDay, outboxDay, protocolDay, roomDay, tasksDay } from '../support/answers/work-day.ts';

/** Words that a verb found where it looked, in whatever language they were written down there. */
const found: Readonly<Record<string, readonly string[]>> = {
  'experiment.show': ['metric'],
  'ingest.import': ['problem'],
  'ingest.rejects': ['reason'],
  'ingest.replay': ['reason'],
  'ingest.rows': ['reason'],
  'mail.list': ['subject'],
  'outbox.list': ['says', 'problem'],
  'protocol.show': ['summary'],
  'pull.run': ['lastError'],
};

const days = [
  ...[tasksDay, protocolDay, experimentsDay, approvalsDay, auditDay, outboxDay, roomDay],
  ...[peopleDay, alertsDay, webhooksDay, endpointsDay, mailDay, factsDay],
];

let hindi: Desk;
let english: Desk;
beforeAll(async () => {
  [hindi, english] = await Promise.all([openDesk('hi'), openDesk('en')]);
  for (const day of days) {
    await day(hindi);
    await day(english);
  }
  for (const desk of [hindi, english]) await askTheRest(desk, operations);
}, 120_000);
afterAll(() => {
  hindi.close();
  english.close();
});

/** What was typed on that day, and what the verb only found. */
const dataOf = ({ answers }: Desk, { verb, output }: Answer): string[] => [
  ...answers.flatMap(({ input }) => stringsIn(input)),
  ...stringsUnder(output, found[verb] ?? []),
];

const faultsOf = (desk: Desk, verb: string): string[] => [
  ...new Set(
    desk.answers
      .filter((answer) => answer.verb === verb)
      .flatMap((answer) => notHindi(answer, dataOf(desk, answer))),
  ),
];

const verbs = operations.map(({ name }) => name);

describe('every verb', () => {
  it.each(verbs)('%s answers a Hindi speaker in Hindi', (verb) => {
    expect(faultsOf(hindi, verb)).toEqual([]);
  });

  it('is noticed where it answers in English', () => {
    expect(verbs.filter((verb) => faultsOf(english, verb).length === 0)).toEqual([]);
  });

  it('answers an English speaker without a word of Hindi', () => {
    const strays = english.answers.filter((answer) => hasHindi(answer, dataOf(english, answer)));
    expect(strays.map(({ verb }) => verb)).toEqual([]);
  });
});
