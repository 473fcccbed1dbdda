// The menus show what may be done: by a person in private, by everybody in groups, and follow a change of role.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { commandsOf, createMenus, type Menus } from '../../../bots/telegram/menus.ts';
import { operations } from '../../../src/features.ts';
import { person } from '../../support/conversation.ts';
import type { TelegramUser } from '../../support/fakes/telegram/types.ts';
import { createShelf, sampleOperations } from '../../support/sample-operations.ts';
import { createTelegramWorld, type TelegramWorld } from '../../support/telegram-world.ts';

let world: TelegramWorld;
let menus: Menus;
let asha: TelegramUser;

beforeEach(async () => {
  world = await createTelegramWorld(sampleOperations, { shelf: createShelf() });
  asha = world.account('Asha', person('Asha', 'viewer'));
  world.fake.says(asha, '/start');
  await world.settle();
  const { api, chats } = world;
  const principalOf = async ({ account }: { account: string }) =>
    world.linked.get(account) ?? {
      ...person('Nobody', 'viewer'),
      actor: { kind: 'stranger' as const, id: `telegram:${account}`, name: '', role: 'viewer' as const },
    };
  const allowedTo = world.dispatcher.allowedTo;
  menus = createMenus({ api, chats, accounts: { principalOf }, allowedTo, tenant: 'default' });
  await menus.refresh();
});
afterEach(() => world.stop());

const shown = (): readonly string[] => world.fake.menu(asha).map(({ command }) => command);

it('a person sees what their role allows, and more after a promotion', async () => {
  expect(shown()).toEqual(['tasks', 'shelf_fail']);
  world.linked.set(String(asha.id), person('Asha', 'manager'));
  await menus.refresh();

  expect(shown()).toContain('task_add');
  world.linked.set(String(asha.id), person('Asha', 'manager', 'hi'));
  await menus.refresh();
  expect(world.fake.menu(asha)).toContainEqual({ command: 'tasks', description: 'काम दिखाएँ' });
});

it('somebody who was parted from their account sees the menu of strangers', async () => {
  world.linked.delete(String(asha.id));
  await menus.refresh();

  expect(shown()).toEqual([]);
});

it('groups see what everybody may do', async () => {
  const group = world.fake.group('Ops', { members: [asha] });

  expect(world.fake.menu(asha, group).map(({ command }) => command)).toEqual(['tasks', 'shelf_fail']);
});

it('nothing is set again while nothing has changed', async () => {
  const before = world.fake.callsOf('setMyCommands').length;
  await menus.refresh();

  expect(world.fake.callsOf('setMyCommands')).toHaveLength(before);
});

it('all verbs there are make lists that Telegram takes', async () => {
  for (const language of ['en', 'hi'] as const) {
    const commands = commandsOf(operations, language);
    expect(commands.length).toBeLessThanOrEqual(100);
    await world.api.call('setMyCommands', { commands });
  }
});
