// The console as a scene: people of the team alone, who write in a page that knows them.
import { renderToStaticMarkup } from 'react-dom/server';
import { createConsolePlatform } from '../../../bots/console/adapter.ts';
import { type ConsoleDoor, type ConsoleMessage, createConsoleDoor } from '../../../bots/console/door.ts';
import { consoleMessages } from '../../../models/console-message.ts';
import type { Principal } from '../../../src/core/actor.ts';
import { ReplyView } from '../../../src/ui/components/reply-view.tsx';
import type { Life } from '../killed-store.ts';
import { expectNoWords, expectWords } from './matching.ts';
import type { Parts, Plug, Process, Scene, Stage, Voice } from './scene.ts';
import { createStage } from './stage.ts';

export async function consoleScene(): Promise<Scene> {
  const stage = createStage();
  const desk: Desk = { stage, keys: 0 };
  const plug = ({ store, actions, clock }: Parts): Plug => {
    const messages = store.records(consoleMessages);
    const platform = createConsolePlatform({ messages, actions, clock });
    const connect: Plug['connect'] = (inbox) => {
      desk.door = createConsoleDoor({ inbox, platform, messages });
    };
    return { adapter: platform, channel: platform.channel, connect };
  };
  const restart = (life?: Life): Process => stage.boot(plug, life);
  restart();
  return {
    ...stage,
    platform: 'console',
    tricks: {},
    restart,
    stranger: () => null,
    person: async (name, role, language) => consoleVoice(desk, await stage.hire(name, role, language)),
    close: async () => undefined,
  };
}

export interface Desk {
  readonly stage: Pick<Stage, 'settle' | 'isDead'>;
  door?: ConsoleDoor;
  keys: number;
}

export function consoleVoice(desk: Desk, principal: Principal): Voice {
  const { stage } = desk;
  const door = (): ConsoleDoor => {
    if (!desk.door) throw new Error('no process runs');
    return desk.door;
  };
  const freshKey = (): string => {
    desk.keys += 1;
    return `key-${desk.keys}`;
  };
  const inSight = async (): Promise<readonly ConsoleMessage[]> =>
    (await door().messages(principal, undefined)).messages;
  const answers = async (): Promise<readonly ConsoleMessage[]> =>
    (await inSight()).filter(({ mine }) => !mine);

  async function press(by: Principal, label: string, key: string): Promise<void> {
    const shown = (await inSight()).flatMap(({ buttons }) => buttons);
    const button = shown.findLast((one) => one.label === label);
    if (!button) throw new Error(`no button “${label}” among ${shown.map((one) => one.label).join(', ')}`);
    await door().press(by, button.id, key).catch(ifDead(stage));
    await stage.settle();
  }

  const talker = {
    async says(text: string, key = freshKey()) {
      // A process that dies answers nobody: the caller hears of it by the connection alone.
      await door().say(principal, text, key).catch(ifDead(stage));
      await stage.settle();
    },
    presses: (label: string, key = freshKey()) => press(principal, label, key),
    async sees(wanted: string | RegExp) {
      expectWords((await answers()).at(-1)?.text ?? '', wanted);
    },
    async neverSees(unwanted: string | RegExp) {
      expectNoWords((await answers()).map(({ text }) => text).join('\n'), unwanted);
    },
    offered: async () => ((await answers()).at(-1)?.buttons ?? []).map(({ label }) => label),
    transcript: async () => (await inSight()).map(({ mine, text }) => (mine ? `> ${text}` : text)),
  };
  const voice: Voice = {
    ...talker,
    principal,
    room: `console:person:${principal.actor.id}`,
    // The console’s people talk to it alone; a command reads the same everywhere.
    inTeam: { ...talker, says: (text, key) => talker.says(text.startsWith('/') ? text : `/${text}`, key) },
    async answers(values) {
      for (const value of Object.values(values)) await talker.says(value);
    },
    isAsked: async () => false,
    pressesFor: async (other, label) => presses.get(other)?.(principal, label),
    async alarms() {
      const html = (await answers()).map((message) =>
        renderToStaticMarkup(<ReplyView reply={{ blocks: message.blocks }} />),
      );
      return html.flatMap((one) => one.match(/<(script|img|b|iframe)\b|href="javascript/gi) ?? []);
    },
  };
  presses.set(voice, (by, label) => press(by, label, freshKey()));
  return voice;
}

/** How somebody else presses what stands in this voice's sight. */
const presses = new WeakMap<Voice, (by: Principal, label: string) => Promise<void>>();

const ifDead =
  (stage: Desk['stage']) =>
  (thrown: unknown): void => {
    if (!stage.isDead()) throw thrown;
  };
