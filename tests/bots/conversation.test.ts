// Guarantees of a conversation: what people are told, asked and offered, and what they never get to see.
import { beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../src/core/errors.ts';
import {
  type ChatProcess,
  type ChatWorld,
  type ConsoleTalker,
  createChatWorld,
  person,
} from '../support/conversation.ts';
import { createShelf, type Shelf, sampleOperations } from '../support/sample-operations.ts';

let shelf: Shelf;
let world: ChatWorld;
let process: ChatProcess;
let manager: ConsoleTalker;
let user: ConsoleTalker;
let viewer: ConsoleTalker;

beforeEach(() => {
  shelf = createShelf();
  world = createChatWorld(sampleOperations, { shelf });
  process = world.process();
  manager = process.talker(person('Meera', 'manager'));
  user = process.talker(person('Uday', 'user'));
  viewer = process.talker(person('Vani', 'viewer'));
});

describe('a verb', () => {
  it('is run and answered once, below what was said', async () => {
    await manager.says('/task add "Fix receipts" --priority high');

    await manager.sees('● Task added: Fix receipts\nId: tsk_1\nPriority: high');
    expect(await manager.transcript()).toEqual([
      '> /task add "Fix receipts" --priority high',
      '● Task added: Fix receipts\nId: tsk_1\nPriority: high',
    ]);
  });

  it('is answered to whoever asked and to nobody else', async () => {
    await manager.says('/task add Fix receipts');

    expect(await user.transcript()).toEqual([]);
  });

  it('is found behind a mention and without a slash', async () => {
    await manager.says('@wardroom: task add Fix receipts');

    await manager.sees('Task added: Fix receipts');
  });

  it.each([
    [
      '/task add Fix receipts --priority hgih',
      [
        'priority: “hgih” is none of critical, high, medium, low',
        'This works: /task add "Fix receipts" --priority high',
      ],
    ],
    ['/task add ab', ['title: “ab” is too short; at least 3 — for example Fix receipts']],
    ['/task add Fix it --prio high', ['--prio: is not known here; known are: --title, --priority']],
    ['/task add Fix it --budget-paise many', ['budgetPaise: “many” is not a whole number']],
  ])('names the argument, quotes it and shows what works: %s', async (line, texts) => {
    await manager.says(line);

    for (const text of texts) await manager.sees(text);
    expect(shelf.applied).toBe(0);
  });

  it('is refused with what is missing, and the refusal is audited', async () => {
    await viewer.says('/task add Fix receipts');

    await viewer.sees('Your role is viewer. “task add” needs task.write');
    await viewer.sees('which users hold. An admin can change your role.');
    expect(shelf.applied).toBe(0);
    expect(world.denials).toMatchObject([{ operation: 'task.add', outcome: 'denied', door: 'console' }]);
  });

  it('explains a bug by a reference that is in the log, and never shows its text', async () => {
    shelf.failures.push(new Error('the pump is broken'));
    await user.says('/shelf fail');

    await user.sees(/■ This failed because of a fault on our side\.\nReference for staff: req_[0-9a-z]{20}$/);
    await user.neverSees('pump');
    const reference = /req_[0-9a-z]{20}/.exec((await user.transcript()).join())?.[0] ?? 'none';
    expect(world.log.filter((line) => line.includes(reference) && line.includes('pump'))).toHaveLength(1);
  });

  it('is tried again when the fault passes', async () => {
    const passing = () => new AppError('database.unavailable', 'The database does not answer.');
    shelf.failures.push(passing(), passing());
    await user.says('/shelf fail');

    await user.sees('It worked after all.');
    expect((await user.transcript()).length).toBe(2);
  });

  it('says so when a fault does not pass', async () => {
    for (let times = 0; times < 5; times += 1)
      shelf.failures.push(new AppError('database.unavailable', 'The database does not answer.'));
    await user.says('/shelf fail');

    await user.sees(/The database does not answer\.\nReference for staff: req_/);
  });
});

describe('an unknown verb', () => {
  it('is met with what was probably meant', async () => {
    await user.says('/tsk add Fix receipts');

    await user.sees('There is no verb “/tsk add” here.');
    await user.sees('- /task add "Fix receipts" --priority high');
  });

  it('that is half a verb is met with its other halves', async () => {
    await user.says('/task');

    await user.sees('- /task add "Fix receipts" --priority high');
    await user.sees('- /task drop tsk_1');
  });

  it('behind a verb that takes no words is met with what was meant', async () => {
    await user.says('/tasks ad Fix it');

    await user.sees('arguments: “ad Fix it” is more than this takes');
    await user.sees('Did you mean:\n- /task add "Fix receipts" --priority high');
  });

  it('never brings up a verb that this person may not run', async () => {
    await user.says('/audt verfy');
    await user.says('/audti');

    await user.neverSees('/audit verify');
    await manager.says('/audt verfy');
    await manager.sees('/audit verify');
  });

  it.each(['', '   ', '"', '/', '//', '@wardroom', '--', '\u0000\u001b[2J', '<script>', '💥'.repeat(500)])(
    'is answered whatever it is: %j',
    async (line) => {
      await user.says(line);

      await user.sees(/help/);
      await user.neverSees('\u001b');
    },
  );

  it('that is too long is told the limit', async () => {
    await user.says('x'.repeat(20_001));

    await user.sees('longer than 20000 characters');
  });
});

describe('missing arguments', () => {
  it('are asked for one by one, each answer judged by its own rule', async () => {
    await user.says('/task assess');
    await user.sees('Which task do you assess?');
    await user.says('tsk_1');
    await user.sees('How much effort is it?\nfrom 1 (an hour) to 5 (a month)\nFor example: 3');
    await user.says('nine');
    await user.sees('effort: “nine” is not a whole number');
    await user.sees('How much effort is it?');
    await user.says('9');
    await user.sees('effort: “9” is too large; at most 5');
    await user.says('3');
    await user.sees('What is the risk?');
    await user.says('Some');

    await user.sees('tsk_1: effort 3, risk some');
    expect(shelf.applied).toBe(1);
  });

  it('keep what was given in the line', async () => {
    await user.says('/task assess tsk_1 risk:much');
    await user.sees('How much effort is it?');
    await user.says('“2”');

    await user.sees('tsk_1: effort 2, risk much');
  });

  it('can be chosen by a button', async () => {
    await user.says('/task assess tsk_1 4');
    expect(await user.offered()).toEqual(['none', 'some', 'much']);
    await user.presses('much');

    await user.sees('tsk_1: effort 4, risk much');
  });

  it('are not asked for when another argument is wrong already', async () => {
    await user.says('/task assess --effort 9');

    await user.sees('effort: “9” is too large');
    await user.neverSees('Which task');
  });

  it('are asked of two people at once, each for themselves', async () => {
    await Promise.all([user.says('/task assess'), manager.says('/task assess tsk_9')]);
    await Promise.all([user.says('tsk_1'), manager.says('5')]);
    await Promise.all([user.says('2'), manager.says('none')]);
    await user.says('some');

    await user.sees('tsk_1: effort 2, risk some');
    await manager.sees('tsk_9: effort 5, risk none');
  });

  it('stop being asked for at “cancel”', async () => {
    await user.says('/task assess');
    await user.says('cancel');
    await user.sees('“task assess” is cancelled; nothing was changed.');
    await user.says('tsk_1');

    await user.sees('There is no verb “tsk_1” here.');
  });

  it('are dropped for a new command, which says so', async () => {
    await user.says('/task assess');
    await user.says('/tasks');
    await user.sees('0 tasks pending');
    await user.sees('The open question about “task assess” is dropped.');
    await user.says('tsk_1');

    await user.sees('There is no verb “tsk_1” here.');
  });

  it('take a line that only looks like a verb for the answer', async () => {
    await user.says('/task assess');
    await user.says('tasks');
    await user.sees('How much effort is it?');
  });

  it('are forgotten after 15 minutes', async () => {
    await user.says('/task assess');
    world.clock.pass(15 * 60_000);
    await user.says('tsk_1');

    await user.sees('There is no verb “tsk_1” here.');
  });

  it('are asked for in the language of the person', async () => {
    const hindi = process.talker(person('Hari', 'user', 'hi'));
    await hindi.says('/task assess');
    await hindi.sees('कौन सा काम?');
    await hindi.says('tsk_1');
    await hindi.says('नौ');

    await hindi.sees('यह आदेश ठीक नहीं पढ़ा जा सका।');
    await hindi.sees('कितनी मेहनत लगेगी?');
  });
});

describe('a dangerous verb', () => {
  beforeEach(async () => {
    await user.says('/task add Fix receipts');
  });

  it('asks once more, and does nothing until the answer', async () => {
    await user.says('/task drop tsk_1');

    await user.sees('Do this? Drop a task.\ntask: tsk_1');
    expect(await user.offered()).toEqual(['Yes, task drop', 'No, leave it']);
    expect(shelf.tasks.get('tsk_1')?.status).toBe('open');
    await user.presses('Yes, task drop');
    await user.sees('Task tsk_1 dropped.');
    expect(shelf.tasks.get('tsk_1')?.status).toBe('dropped');
  });

  it('takes one answer: a second press says who answered what', async () => {
    await user.says('/task drop tsk_1');
    await user.presses('No, leave it');
    await user.sees('Left as it is; nothing was changed.');
    await user.presses('Yes, task drop');

    await user.sees(/This was answered already: Uday pressed “No, leave it” \(21 Nov 2026, 14:30 IST\)\./);
    expect(shelf.tasks.get('tsk_1')?.status).toBe('open');
  });

  it('takes one of two presses that come together', async () => {
    await user.says('/task drop tsk_1');
    await Promise.all([user.presses('Yes, task drop'), user.presses('Yes, task drop')]);
    const answers = (await user.transcript()).slice(-4).join('\n');

    expect(answers).toContain('Task tsk_1 dropped.');
    expect(answers).toContain('This was answered already');
    expect(shelf.applied).toBe(2);
  });
});

describe('a button', () => {
  beforeEach(async () => {
    await user.says('/task add Fix receipts');
  });

  it('does what it was shown for', async () => {
    await user.presses('Drop task');

    await user.sees('Task tsk_1 dropped.');
    expect(await user.transcript()).toContain('> Pressed: Drop task');
  });

  it('that is pressed again meets the present state', async () => {
    await user.presses('Drop task');
    await user.presses('Drop task');

    await user.sees('Task “tsk_1” is dropped already.');
    expect(shelf.applied).toBe(2);
  });

  it('after its time says so politely, and what to type instead', async () => {
    world.clock.pass(25 * 3_600_000);
    await user.presses('Drop task');

    await user.sees('“Drop task” could be pressed until 22 Nov 2026, 14:30 IST.');
    await user.sees('This works: /task drop --task=tsk_1');
    expect(shelf.tasks.get('tsk_1')?.status).toBe('open');
  });

  it('shown to one person is not pressed by another', async () => {
    const [shown] = (await process.door.messages(user.principal, undefined)).messages.filter((m) => !m.mine);
    await process.door.press(manager.principal, shown!.buttons[0]!.id, 'stolen');

    await manager.sees('This question was put to somebody else');
    await manager.neverSees('Drop task');
    expect(shelf.tasks.get('tsk_1')?.status).toBe('open');
  });

  it('is judged by the role its presser has when pressing', async () => {
    const demoted = process.talker(person('Uday', 'viewer'));
    await demoted.presses('Drop task');

    await demoted.sees('Your role is viewer.');
    expect(shelf.tasks.get('tsk_1')?.status).toBe('open');
  });

  it.each(['btn_00000000000000000000', 'task.drop', '{"operation":"task.drop"}', ''])(
    'is nothing but its key: %j is refused',
    async (key) => {
      await process.door.press(user.principal, key, 'forged');

      await user.sees('This button is not known here any more.');
    },
  );

  it('of another tenant is not known', async () => {
    const [shown] = (await process.door.messages(user.principal, undefined)).messages.filter((m) => !m.mine);
    const foreign = process.talker(person('Uday', 'owner', 'en', 'other'));
    await process.door.press(foreign.principal, shown!.buttons[0]!.id, 'foreign');

    await foreign.sees('This button is not known here any more.');
  });

  it('keeps what it does out of what is shown', async () => {
    const [shown] = await process.door.say(user.principal, '/task add Fix it', 'shown');

    expect(JSON.stringify(shown)).not.toContain('task.drop');
    expect(shown!.buttons.map(({ label }) => label)).toEqual(['Drop task', 'List tasks']);
  });
});
