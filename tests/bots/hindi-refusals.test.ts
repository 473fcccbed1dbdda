// A person whose language is Hindi is asked and refused in Hindi too: what is wrong, what is wanted, and what works.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { meaningIn } from '../../src/core/argument-words.ts';
import { AppError, toAppError } from '../../src/core/errors.ts';
import { fieldsOf } from '../../src/core/fields.ts';
import { operations } from '../../src/features.ts';
import { type Desk, openDesk } from '../support/answers/desk.ts';
import {
  type ChatProcess,
  type ChatWorld,
  type ConsoleTalker,
  createChatWorld,
  person,
} from '../support/conversation.ts';
import { createShelf, type Shelf, sampleOperations } from '../support/sample-operations.ts';

/** Four words of Latin letters in a row: no name, code or example here is as long as that. */
const ENGLISH = /[a-z][a-z’']*(?: [a-z][a-z’']*){3,}/i;

let shelf: Shelf;
let world: ChatWorld;
let process: ChatProcess;
let hari: ConsoleTalker;

beforeEach(() => {
  shelf = createShelf();
  world = createChatWorld(sampleOperations, { shelf });
  process = world.process();
  hari = process.talker(person('Hari', 'user', 'hi'));
});

/** What was said to them last. */
async function toldTo(talker: ConsoleTalker): Promise<string> {
  const told = (await talker.transcript()).at(-1) ?? '';
  expect(told.replace(/^.*(ऐसे चलेगा|- \/).*$/gm, '')).not.toMatch(ENGLISH);
  return told;
}

describe('a Hindi speaker', () => {
  it.each([
    [
      '/task add Fix it --priority hgih',
      'priority: “hgih” नहीं चलेगा; इनमें से एक दें: critical, high, medium, low',
    ],
    ['/task add ab', 'title: “ab” बहुत छोटा है; कम से कम 3 — जैसे Fix receipts'],
    ['/task add Fix it --prio high', '--prio: यहाँ नहीं चलता; ये चलते हैं: --title, --priority'],
    ['/task add Fix it --budget-paise many', 'budgetPaise: “many” नहीं चलेगा; एक पूरी संख्या चाहिए'],
    ['/task add Fix it --priority', 'priority: के साथ कुछ नहीं लिखा गया'],
    ['/task add Fix it --priority high --priority low', 'priority: एक से ज़्यादा बार दिया गया: “high” और “low”'],
  ])('is told in Hindi what is wrong with an argument: %s', async (line, text) => {
    await hari.says(line);

    const told = await toldTo(hari);
    expect(told).toContain('यह आदेश ठीक नहीं पढ़ा जा सका।');
    expect(told).toContain(text);
    expect(shelf.applied).toBe(0);
  });

  it('is told in Hindi of an unknown verb, with what was probably meant', async () => {
    await hari.says('/tsk add Fix receipts');

    const told = await toldTo(hari);
    expect(told).toContain('“/tsk add” नाम का कोई आदेश यहाँ नहीं है।');
    expect(told).toContain('- /task add "Fix receipts" --priority high');
  });

  it('is told in Hindi which permission is missing and who can help', async () => {
    const vani = process.talker(person('Vani', 'viewer', 'hi'));
    await vani.says('/task add Fix receipts');

    const told = await toldTo(vani);
    expect(told).toContain('“task add” के लिए task.write की अनुमति चाहिए (काम जोड़ना, लेना, पूरा करना और छोड़ना)');
    expect(told).toContain('आपकी भूमिका viewer है; कोई admin आपकी भूमिका बदल सकता है।');
    expect(shelf.applied).toBe(0);
  });

  it('is asked once more in Hindi, and told so when that was answered or is too old', async () => {
    await hari.says('/task add Fix receipts');
    await hari.says('/task drop tsk_1');
    expect(await toldTo(hari)).toContain('क्या यह करना है?');
    await hari.presses('नहीं, रहने दें');
    await hari.presses('हाँ, task drop');
    expect(await toldTo(hari)).toContain('इसका जवाब पहले ही दिया जा चुका है: Hari ने “नहीं, रहने दें” दबाया');

    await hari.says('/task drop tsk_1');
    world.clock.pass(25 * 3_600_000);
    await hari.presses('हाँ, task drop');
    expect(await toldTo(hari)).toMatch(/“हाँ, task drop” को .* तक ही दबाया जा सकता था।/);
    expect(shelf.tasks.get('tsk_1')?.status).toBe('open');
  });

  it('is told in Hindi of a fault on our side, with a reference for staff', async () => {
    shelf.failures.push(new Error('the pump is broken'));
    await hari.says('/shelf fail');

    expect(await toldTo(hari)).toMatch(
      /^■ हमारी ओर की गड़बड़ी से यह नहीं हो सका।\nस्टाफ़ के लिए संदर्भ: req_[0-9a-z]{20}$/,
    );
  });
});

describe('what an argument means', () => {
  it('is said in Hindi for every argument of every verb', () => {
    const meanings = operations.flatMap(({ input }) => fieldsOf(input).map(({ description }) => description));
    const english = meanings.filter(
      (one) => one !== '' && !/\p{Script=Devanagari}/u.test(meaningIn('hi', one)),
    );
    expect([...new Set(english)]).toEqual([]);
  });

  it('stands beside the question, and is what was declared for everybody else', async () => {
    await hari.says('/task assess');

    expect(await toldTo(hari)).toContain('कौन सा काम?');
    expect(meaningIn('en', 'how many at most')).toBe('how many at most');
  });
});

describe('what is asked for and is not there', () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await openDesk('hi');
  });
  afterAll(() => desk.close());

  it.each([
    ['alert.show', { alert: 'nothing' }, 'alerts'],
    ['approval.show', { approval: 'nothing' }, 'approvals'],
    ['experiment.show', { experiment: 'nothing' }, 'experiments'],
    ['experiment.import', { content: 'unit,variant,outcome\n', experiment: 'x', default: 'y' }, 'शीर्षक'],
    ['outbox.retry', { item: 'nothing' }, 'outbox'],
    ['protocol.show', { run: 'run_nothing' }, 'protocol history'],
    ['task.take', { task: 'tsk_nothing' }, 'tasks'],
    ['alert.policy', { quiet: 'at night' }, '22:00-08:00'],
    ['endpoint.show', { endpoint: 'whs_nothing' }, 'endpoint list'],
    ['ingest.replay', { reject: 'rej_nothing' }, 'rej_nothing'],
    ['mail.show', { mail: 'eml_nothing' }, 'mail list'],
    ['me.link', { code: 'AAAA-BBBB' }, '/link'],
    ['me.unlink', { account: 'telegram' }, '/me'],
    ['pull.run', { name: 'nothing' }, 'nothing'],
    ['room.bind', {}, 'slack:T0123/C0456'],
    ['session.revoke', { session: 'ses_nothing' }, 'session list'],
    ['team.role', { person: 'Nobody', role: 'user' }, 'team list'],
    ['team.invite', { name: 'Asha' }, 'Asha'],
    ['token.revoke', { token: 'tok_nothing' }, 'token list'],
    ['webhook.show', { what: 'nothing' }, 'webhook list'],
    ['webhook.show', { what: 'whk_nothing' }, 'whk_nothing'],
  ] as const)('is told of in Hindi with what helps: %s %o', async (verb, input, helps) => {
    const refused = await desk.says(verb, input).catch(toAppError);
    if (!(refused instanceof AppError)) throw new Error(`${verb} refused nothing`);
    expect(refused.publicMessage).not.toMatch(/\p{Script=Devanagari}/u);
    expect(refused.inHindi).toMatch(/\p{Script=Devanagari}/u);
    expect(refused.inHindi).toContain(helps);
    expect(refused.inHindi).not.toMatch(ENGLISH);
  });
});
