// What Slack's own framework costs to find the listener of a command: its own style, and one catch-all with a Map.
import { App, type Receiver } from '@slack/bolt';
import { type Figure, printFigure } from './figures.ts';

export interface BoltOptions {
  readonly commands?: number;
  readonly messages?: number;
  /** The best of so many rounds counts: the others met the machine's other work. */
  readonly rounds?: number;
  readonly print?: (figure: Figure) => void;
}

const quiet = (): void => undefined;
const logger = {
  ...{ debug: quiet, info: quiet, warn: quiet, error: quiet, setLevel: quiet, setName: quiet },
  getLevel: () => 'error' as never,
};

/** CPU microseconds of a message at so many commands, printed beside each other. */
export async function run(options: BoltOptions = {}): Promise<readonly Figure[]> {
  const { commands = 100, messages = 3_000, rounds = 3, print = printFigure } = options;
  const names = Array.from({ length: commands }, (_, n) => `/thing${n}`);
  let done = 0;
  const count = (): void => {
    done += 1;
  };
  const each = bareApp();
  for (const name of names) each.command(name, async () => count());
  const one = bareApp();
  const handlers = new Map(names.map((name) => [name, count]));
  one.command(/.*/, async ({ command }) => handlers.get(command.command)?.());
  const listeners = await cpuMicros(each, names, { messages, rounds });
  const catchAll = await cpuMicros(one, names, { messages, rounds });
  if (done !== 2 * messages * rounds) throw new Error('a command of the bench found no listener');
  const against = `one catch-all and a Map, ${catchAll.toFixed(1)} µs`;
  const figures: Figure[] = [
    figure(`CPU per message of Bolt with ${commands} listeners`, listeners, against, listeners / catchAll),
    figure('CPU per message of Bolt with one catch-all', catchAll, against, 1),
  ];
  for (const line of figures) print(line);
  return figures;
}

function figure(metric: string, value: number, against: string, ratio: number): Figure {
  return {
    ...{ bench: 'dispatch', metric, value: Number(value.toFixed(1)), unit: 'µs', against },
    ratio: Number(ratio.toFixed(1)),
  };
}

function bareApp(): App {
  const receiver: Receiver = { init: quiet, start: async () => {}, stop: async () => {} };
  const authorize = async () => ({ botId: 'B1', botUserId: 'U1' });
  return new App({ receiver, authorize, logger, convoStore: false });
}

async function cpuMicros(
  app: App,
  names: readonly string[],
  { messages, rounds }: { readonly messages: number; readonly rounds: number },
): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round += 1) {
    const before = process.cpuUsage();
    for (let n = 0; n < messages; n += 1) {
      const body = {
        ...{
          command: names[n % names.length],
          text: 'add x',
          user_id: 'U2',
          team_id: 'T1',
          channel_id: 'C1',
        },
        ...{ trigger_id: `${n}`, response_url: 'http://127.0.0.1/' },
      };
      await app.processEvent({ body, ack: async () => {} });
    }
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / messages);
  }
  return best;
}
