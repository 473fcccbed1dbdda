// Guarantees of help and reasons: each person reads what they may run, and why they may not run the rest.
import { beforeEach, describe, expect, it } from 'vitest';
import { holds } from '../../src/core/permissions.ts';
import { roomOperations } from '../../src/features/room/operations.ts';
import { createRoom } from '../../src/features/room/service.ts';
import { type ChatProcess, createChatWorld, person } from '../support/conversation.ts';
import { createShelf, sampleOperations } from '../support/sample-operations.ts';

const team = [
  { name: 'Asha', role: 'admin' },
  { name: 'Meera', role: 'manager' },
  { name: 'Uday', role: 'user' },
] as const;

let process: ChatProcess;

beforeEach(() => {
  const room = createRoom({
    verbs: () => world.dispatcher.verbs,
    holdersOf: async (tenant, permission) =>
      tenant === 'default' ? team.filter(({ role }) => holds(role, permission)) : [],
  });
  const world = createChatWorld([...sampleOperations, ...roomOperations], { shelf: createShelf(), room });
  process = world.process();
});

describe('help', () => {
  it('lists what this person may run and nothing else', async () => {
    const viewer = process.talker(person('Vani', 'viewer'));
    await viewer.says('/help');

    await viewer.sees('You may run 4 verbs as viewer.');
    await viewer.sees('- /tasks – List tasks');
    await viewer.neverSees('/task add');
    await viewer.neverSees('audit');
  });

  it('grows with the role', async () => {
    const manager = process.talker(person('Meera', 'manager'));
    await manager.says('/help');

    await manager.sees('You may run 8 verbs as manager.');
    await manager.sees('audit verify');
  });

  it('explains one verb: an example that works first, then every argument', async () => {
    const user = process.talker(person('Uday', 'user'));
    await user.says('/help task add');

    expect((await user.transcript()).at(-1)).toBe(
      [
        '/task add "Fix receipts" --priority high',
        'Add a task.',
        'Arguments',
        '- --title – required; what is to be done; such as Fix receipts',
        '- --priority – one of critical, high, medium, low; else medium',
        '- --tags',
        '- --budget-paise',
        '- --urgent',
        'Needs: task.write',
      ].join('\n'),
    );
  });

  it.each(['/help task_add', '/help /task add', 'help Task Add', '/help task.add'])(
    'understands %s',
    async (line) => {
      const user = process.talker(person('Uday', 'user'));
      await user.says(line);

      await user.sees('Add a task.');
    },
  );

  it('says of a dangerous verb that it asks first, and of an alias that it exists', async () => {
    const user = process.talker(person('Uday', 'user'));
    await user.says('/help task drop');
    await user.sees('It asks once more before it does anything.');
    await user.says('/help tasks');

    await user.sees('Also said: /tasks');
  });

  it('lists the verbs that begin with a word', async () => {
    const user = process.talker(person('Uday', 'user'));
    await user.says('/help task');

    await user.sees('4 of your verbs begin with “task”.');
  });

  it('knows no more of a forbidden verb than of none', async () => {
    const user = process.talker(person('Uday', 'user'));
    await user.says('/help audit verify');
    const [, forbidden = ''] = await user.transcript();
    await user.says('/help order burn');
    const unknown = (await user.transcript()).at(-1) ?? '';

    expect(forbidden.replaceAll('audit verify', '…')).toBe(unknown.replaceAll('order burn', '…'));
  });

  it('is in Hindi for who reads Hindi', async () => {
    const hindi = process.talker(person('Hari', 'user', 'hi'));
    await hindi.says('/help');

    await hindi.sees('user के रूप में आप 7 आदेश चला सकते हैं।');
    await hindi.sees('– काम जोड़ें');
  });
});

describe('why', () => {
  it('names what is needed, who has it and who can give it', async () => {
    const viewer = process.talker(person('Vani', 'viewer'));
    await viewer.says('/why audit verify');

    await viewer.sees(
      'You may not run “audit verify”: it needs audit.read (to read and verify the audit log), which managers hold; your role is viewer.',
    );
    await viewer.sees('Who can run it: Asha (admin), Meera (manager)');
    await viewer.sees('Who can change your role: Asha (admin)');
  });

  it('says yes to whoever may', async () => {
    const manager = process.talker(person('Meera', 'manager'));
    await manager.says('why audit');

    await manager.sees('● You may run “audit verify”: your role manager holds audit.read');
  });

  it('asks which verb when none is named', async () => {
    const viewer = process.talker(person('Vani', 'viewer'));
    await viewer.says('/why');
    await viewer.sees('Which verb do you mean?');
    await viewer.says('task add');

    await viewer.sees('You may not run “task add”');
  });

  it('names nobody of another tenant', async () => {
    const stranger = process.talker(person('Xeno', 'viewer', 'en', 'other'));
    await stranger.says('/why task add');

    await stranger.sees('Who can run it: nobody yet');
    await stranger.neverSees('Asha');
  });
});
