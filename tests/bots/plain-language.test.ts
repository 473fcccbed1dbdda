// Plain sentences in English, Hindi and Hinglish: each is read as the verb a person would expect, or as none at all.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planOf } from '../../bots/parse.ts';
import { createUnderstanding } from '../../bots/plain/understand.ts';
import { operations } from '../../src/features.ts';
import { createChatWorld, person } from '../support/conversation.ts';
import { createShelf, sampleOperations } from '../support/sample-operations.ts';

const plans = operations.map(planOf);
const verbs = plans.map((plan) => plan.verb);
const understanding = createUnderstanding(plans);

/** The verb and arguments of a sentence, in one line. */
function read(text: string): string {
  const understood = understanding.read(text, verbs);
  if (!understood) return 'nothing';
  const { plan, raw } = understood;
  const values = Object.entries(raw).map(([name, value]) => `${name}=${String(value)}`);
  return [plan.verb.name, ...values.sort()].join(' ');
}

describe('a plain question', () => {
  it.each([
    ['how much revenue did we make yesterday?', 'metrics.show metric=revenue range=yesterday'],
    ['what were our sales last month', 'metrics.show metric=revenue range=last month'],
    ['show me mrr this month', 'metrics.show metric=mrr range=this month'],
    ['how many new customers came last 7 days', 'metrics.show metric=new-customers range=last 7 days'],
    ['how many refunds this week?', 'metrics.show metric=refunds range=this week'],
    ['what is our churn', 'metrics.show metric=customer-churn'],
    ['kal kitni bikri hui?', 'metrics.show metric=revenue range=kal'],
    ['pichle 7 din ki kamai dikhao', 'metrics.show metric=revenue range=pichle 7 din'],
    ['aaj kitne naye grahak aaye', 'metrics.show metric=new-customers range=aaj'],
    ['कल कितनी बिक्री हुई?', 'metrics.show metric=revenue range=कल'],
    ['इस महीने की कमाई दिखाओ', 'metrics.show metric=revenue range=इस महीने'],
    ['which experiments are running?', 'experiment.list'],
    ['kaun se experiment chal rahe hain', 'experiment.list'],
    ['कौन से प्रयोग चल रहे हैं', 'experiment.list'],
    ['how is the experiment onboarding-offer doing', 'experiment.show experiment=onboarding-offer'],
    ['onboarding-offer ka natija kya hai', 'experiment.show experiment=onboarding-offer'],
    ['what is there to do?', 'task.list'],
    ['show my open tasks', 'task.list view=mine'],
    ['kitne kaam baki hain?', 'task.list'],
    ['mere kaam dikhao', 'task.list view=mine'],
    ['कितने काम बाकी हैं', 'task.list'],
    ['is anything broken right now?', 'alert.list'],
    ['what is wrong', 'alert.list'],
    ['koi chetavani hai kya', 'alert.list'],
    ['क्या गड़बड़ है?', 'alert.list'],
    ['what waits for my approval?', 'approval.list view=waiting'],
    ['kaun si manzoori baki hai', 'approval.list'],
    ['who is on the team?', 'team.list'],
    ['team mein kaun kaun hai', 'team.list'],
    ['who am I', 'me.show'],
    ['main kaun hun', 'me.show'],
    ['who changed what today', 'audit.list'],
    ['kisne kya badla', 'audit.list'],
    ['is the audit log intact?', 'audit.verify'],
    ['when is the next run of the protocol', 'protocol.status'],
    ['protocol ka haal kya hai', 'protocol.status'],
    ['how did the last protocol runs go', 'protocol.history'],
    ['what can I do here?', 'help.show'],
    ['मैं क्या कर सकता हूँ', 'help.show'],
    ['which messages are stuck', 'outbox.list'],
    ['which mails were sent', 'mail.list state=sent'],
  ])('“%s” is read as %s', (text, wanted) => {
    expect(read(text).replace(/ view=(open|pending)$/, '')).toBe(wanted);
  });

  it.each([
    ['approve the credit experiment', /^(experiment|approval)\.approve/],
    ['run the protocol now', /^protocol\.run/],
    ['naya kaam jodo', /^task\.add/],
    ['remind us to call the supplier', /^task\.add/],
  ])('“%s” is read as something that changes things, which is asked about first', (text, wanted) => {
    expect(read(text)).toMatch(wanted);
  });

  it.each([
    'the weather is nice in Lisbon',
    'lol',
    '😀',
    'मुझे बारिश पसंद है',
    'I will be late for lunch',
    'asdf qwer zxcv',
    'thanks a lot everyone',
  ])('“%s” is read as nothing', (text) => {
    expect(read(text)).toBe('nothing');
  });

  it('means only what its asker may do', () => {
    const reads = verbs.filter((verb) => verb.name !== 'team.list');
    expect(understanding.read('who is on the team?', reads)?.plan.verb.name).not.toBe('team.list');
  });

  it('of any form is read or not, and never breaks', () => {
    const readAny = () =>
      fc.assert(
        fc.property(
          fc.oneof(fc.string({ unit: 'binary', maxLength: 400 }), fc.lorem({ maxCount: 40 })),
          (text) => {
            understanding.read(text, verbs);
          },
        ),
        { numRuns: 300 },
      );
    expect(readAny).not.toThrow();
  });
});

describe('in a conversation', () => {
  const talk = () => {
    const shelf = createShelf();
    const process = createChatWorld(sampleOperations, { shelf }).process();
    return { shelf, talker: (role: 'manager' | 'viewer') => process.talker(person('Meera', role)) };
  };

  it('a question is answered at once, with how it was read', async () => {
    const manager = talk().talker('manager');
    await manager.says('please show the tasks that there are');
    await manager.sees('I read this as: /task list');
  });

  it('a wish is asked about first, and done when a person says yes', async () => {
    const { shelf, talker } = talk();
    const manager = talker('manager');
    await manager.says('please add a new task for the team');
    await manager.sees(/Do this\?[\s\S]*I read this as: \/task add/);
    expect(shelf.tasks).toHaveLength(0);
    await manager.presses('Yes, task add');
    await manager.says('Call the supplier');
    await manager.sees('Task added: Call the supplier');
  });

  it('means nothing that its asker may not do', async () => {
    const viewer = talk().talker('viewer');
    await viewer.says('please add a new task for the team');
    await viewer.neverSees('task add');
  });
});
