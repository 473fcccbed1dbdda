// The modal that opens before its answer is there: it never stays at “Opening …”, and the answer is in the conversation.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadingView } from '../../bots/slack/views.ts';
import type { SlackUser } from '../support/fakes/slack/workspace.ts';
import { type ProgramScene, programScene } from '../support/talkers/program-scene.ts';
import type { Voice } from '../support/talkers/scene.ts';
import { hireInto } from '../support/talkers/team.ts';

const LONGER_THAN_A_BUTTON_MS = 25 * 3_600_000;
const LOADING = loadingView('any', 'any').blocks;

let scene: ProgramScene;
let asha: Voice;
let user: SlackUser;

beforeEach(async () => {
  scene = await programScene();
  asha = await scene.voice('slack', 'Asha', await hireInto(scene.store, 'Asha', 'manager'));
  const found = [...scene.slack.workspace.users.values()].find(({ name }) => name === 'Asha');
  if (!found) throw new Error('nobody of that name');
  user = found;
});
afterEach(() => scene.close());

const view = () => scene.slack.viewOf(user)?.view;

/** A command whose trigger has passed is answered by a message with a button that opens the form. */
async function offeredLate(): Promise<void> {
  const channel = scene.slack.workspace.directChannel(user);
  await scene.slack.staleCommand({ user, channel, text: '/ops task add' });
  await scene.deliver();
  expect(await asha.offered()).toEqual(['Add a task']);
}

describe('a modal that was opened for an answer', () => {
  it('says it where it turned out to be no form, and so does the conversation', async () => {
    await offeredLate();
    scene.clock.pass(LONGER_THAN_A_BUTTON_MS);
    await asha.presses('Add a task');
    expect(view()?.['blocks'], 'it opened before its answer was there').toEqual(LOADING);
    await scene.deliver();
    expect(JSON.stringify(view())).toContain('could be pressed until');
    expect(view()).toMatchObject({ callback_id: 'notice', close: { text: 'Close' } });
    expect(view()).not.toHaveProperty('submit');
    await asha.sees('could be pressed until');
  });

  it('is filled although Slack never said that it had opened it', async () => {
    scene.slack.faults.add({ fault: { kind: 'lost' }, method: 'views.open', times: 1 });
    await asha.says('/ops task add');
    await scene.deliver();
    expect(view()).toMatchObject({ callback_id: 'form' });
    await asha.answers({ title: 'Unheard' });
    await scene.deliver();
    await asha.sees('Added *Unheard*');
  });

  it('that was closed meanwhile takes nothing from the conversation', async () => {
    await offeredLate();
    scene.clock.pass(LONGER_THAN_A_BUTTON_MS);
    await asha.presses('Add a task');
    scene.slack.workspace.views.clear();
    await scene.deliver();
    await asha.sees('could be pressed until');
  });
});
