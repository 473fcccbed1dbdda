// Measures what an update of Telegram costs before its operation runs: telegraf with a listener for each command, and ours.
import { Telegraf } from 'telegraf';
import { createReader } from '../../bots/telegram/read.ts';
import type { BenchLine } from './dispatch.ts';

export interface TelegramDispatchOptions {
  /** How many commands there are. */
  readonly commands?: number;
  /** Updates of one round. */
  readonly updates?: number;
  /** The best of so many rounds counts: the others met the machine's other work. */
  readonly rounds?: number;
  readonly print?: (line: string) => void;
}

const TOKEN = '7000000001:bench';
const BOT = { id: 7_000_000_001, first_name: 'Wardroom', username: 'wardroom_bot' };
const asha = { id: 1_001, is_bot: false, first_name: 'Asha' };
const chat = { id: 1_001, type: 'private' as const, first_name: 'Asha' };

function updateSaying(text: string, id: number) {
  const length = text.indexOf(' ') < 0 ? text.length : text.indexOf(' ');
  const entities = [{ type: 'bot_command' as const, offset: 0, length }];
  return { update_id: id, message: { message_id: id, date: 1, from: asha, chat, text, entities } };
}

/** A bot that never calls out: what is measured is the way to a handler. */
function botWith(add: (bot: Telegraf) => void): (call: number) => Promise<void> {
  const bot = new Telegraf(TOKEN, { telegram: { webhookReply: false } });
  bot.botInfo = {
    ...BOT,
    is_bot: true,
    can_join_groups: true,
    can_read_all_group_messages: false,
    supports_inline_queries: false,
  };
  add(bot);
  return (call) => bot.handleUpdate(updateSaying(`/thing${call}_add Fix receipts`, call));
}

/** CPU microseconds of one call, the best of the rounds. */
async function cpuMicros(rounds: number, calls: number, work: (call: number) => Promise<unknown>) {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round += 1) {
    const before = process.cpuUsage();
    for (let call = 0; call < calls; call += 1) await work(call);
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / calls);
  }
  return best;
}

/**
 * Runs the bench and returns its figures, printed as JSON lines. Ours reads the update, recognises the speaker and
 * the room (in memory), and yields what the registry answers; telegraf's own only finds the handler.
 */
export async function runTelegramDispatch(
  options: TelegramDispatchOptions = {},
): Promise<readonly BenchLine[]> {
  const { commands = 100, updates = 10_000, rounds = 5 } = options;
  const print = options.print ?? ((line: string) => process.stdout.write(`${line}\n`));
  let handled = 0;
  const count = (): void => {
    handled += 1;
  };
  const listeners = botWith((bot) => {
    for (let n = 0; n < commands; n += 1) bot.command(`thing${n}_add`, count);
  });
  const catchAll = botWith((bot) => bot.use(count));
  const ours = readerOfOurs();
  const spread = (work: (call: number) => Promise<unknown>) => (call: number) => work(call % commands);
  const own = await cpuMicros(rounds, updates, spread(listeners));
  const one = await cpuMicros(rounds, updates, spread(catchAll));
  const read = await cpuMicros(rounds, updates, spread(ours));
  if (handled !== 2 * rounds * updates) throw new Error('not every update met its handler');
  const against = `telegraf with ${commands} commands, ${own.toFixed(1)} µs`;
  const line = (metric: string, value: number): BenchLine => ({
    bench: 'dispatch',
    metric,
    value: Number(value.toFixed(2)),
    unit: 'µs',
    against,
    ratio: Number((value / own).toFixed(3)),
  });
  const lines = [
    line('CPU per Telegram update, telegraf with one catch-all', one),
    line('CPU per Telegram update, ours: read, speaker and room recognised', read),
  ];
  for (const each of lines) print(JSON.stringify(each));
  return lines;
}

function readerOfOurs(): (call: number) => Promise<unknown> {
  const principal = {
    tenant: 'default',
    actor: { kind: 'person' as const, id: 'usr_asha', name: 'Asha', role: 'manager' as const },
    zone: 'Asia/Kolkata',
    language: 'en' as const,
  };
  const nothing = async (): Promise<void> => undefined;
  const read = createReader({
    token: TOKEN,
    bot: async () => BOT,
    accounts: { principalOf: async () => principal },
    rooms: { isBound: async () => true },
    chats: {
      chatOf: async (_tenant, address) => address,
      addressOf: async (_tenant, room) => room,
      isReachable: async () => true,
      menuOf: async () => null,
      privateChats: async () => [],
      migrated: nothing,
      reached: nothing,
      unreachable: nothing,
      setMenu: nothing,
    },
  });
  return async (call) => {
    const body = updateSaying(`/thing${call}_add Fix receipts`, call);
    const said = await read({ id: 'inb_bench', tenant: 'default', body, receivedAt: new Date(0) });
    if ('ignored' in said) throw new Error(said.ignored);
  };
}
