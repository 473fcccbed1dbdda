// The console in a terminal: lines are said, numbers press buttons, and what is announced appears by itself.
import { readFile, stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Clock } from '../../src/core/clock.ts';
import { AppError, toAppError } from '../../src/core/errors.ts';
import type { Ids } from '../../src/core/ids.ts';
import { ansiText, plainText, withoutControls } from './render.ts';
import { createTerminalClient, type TerminalMessage } from './terminal-client.ts';

const POLL_MS = 2_000;
const PROMPT = '› ';
const SHOWN_AT_FIRST = 5;

export interface TerminalOptions {
  readonly baseUrl: string;
  /** The file that the server leaves for its operator: one line, mode 0600. */
  readonly tokenFile: string;
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  /** A person sits there: prompt, colours, and announcements between the lines. */
  readonly interactive: boolean;
  readonly clock: Clock;
  readonly ids: Ids;
}

/**
 * Talks until the input ends or somebody says `quit`. @returns the exit code: 0 unless a line could not be delivered.
 * @throws AppError `config.invalid` when there is no token that is ours alone.
 */
export async function runTerminal(options: TerminalOptions): Promise<0 | 1> {
  const { baseUrl, tokenFile, input, output, interactive, clock, ids } = options;
  const client = createTerminalClient({ baseUrl, token: await readToken(tokenFile), clock, ids });
  const lines = createInterface({ input, output, prompt: PROMPT, terminal: interactive });
  // Taken before anything is awaited: lines that came meanwhile would be lost.
  const typed = lines[Symbol.asyncIterator]();
  const stop = new AbortController();
  const room = createRoomView(interactive);
  let failed = false;
  let lost = '';
  let turn: Promise<void> = Promise.resolve();

  const write = (text: string): void => {
    if (text === '') return;
    output.write(interactive ? `\r\u001b[K${text}\n` : `${text}\n`);
    if (interactive) lines.prompt(true);
  };

  /** One thing after the other: what is polled must not come between a line and its answer. */
  const inTurn = (work: () => Promise<void>, fails: (reason: string) => void): Promise<void> => {
    turn = turn.then(work).catch((thrown: unknown) => fails(toAppError(thrown).publicMessage));
    return turn;
  };
  const failLine = (reason: string): void => {
    failed = true;
    write(reason);
  };
  /** A server that is away is mentioned once, not at every look. */
  const look = (): Promise<void> =>
    inTurn(
      async () => {
        await show();
        lost = '';
      },
      (reason) => {
        if (reason !== lost) write(reason);
        lost = reason;
      },
    );
  const show = async (most?: number): Promise<void> => write(room.text(await client.follow(), most));

  await inTurn(() => show(interactive ? SHOWN_AT_FIRST : 0), failLine);
  const polling = interactive ? poll(look, clock, stop.signal) : Promise.resolve();
  if (interactive) lines.prompt();
  for await (const line of typed) {
    const said = line.trim();
    if (said === 'quit' || said === 'exit') break;
    if (said !== '')
      await inTurn(async () => {
        const button = room.buttonAt(said);
        await (button === undefined ? client.say(said) : client.press(button));
        await show();
      }, failLine);
    if (interactive) lines.prompt();
  }
  lines.close();
  stop.abort();
  await polling;
  await turn;
  return failed ? 1 : 0;
}

async function poll(look: () => Promise<void>, clock: Clock, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(POLL_MS, signal);
    if (!signal.aborted) await look();
  }
}

interface RoomView {
  /** The messages as text, the newest `most` of them; the buttons of the last become the numbers that press. */
  text(messages: readonly TerminalMessage[], most?: number): string;
  buttonAt(said: string): string | undefined;
}

function createRoomView(colours: boolean): RoomView {
  let buttons: readonly { readonly id: string; readonly label: string }[] = [];
  const draw = (message: TerminalMessage): string => {
    const body = colours ? ansiText(message) : plainText(message);
    const choices = message.buttons
      .map(({ label }, at) => `[${at + 1}] ${withoutControls(label)}`)
      .join('  ');
    return choices === '' ? body : `${body}\n${choices}`;
  };
  return {
    text(messages, most = messages.length) {
      const told = messages.filter((message) => !message.mine);
      const shown = most === 0 ? [] : told.slice(-most);
      const last = shown.at(-1);
      if (last) buttons = last.buttons;
      return shown.map(draw).join('\n\n');
    },
    buttonAt: (said) => (/^[1-9]$/.test(said) ? buttons[Number(said) - 1]?.id : undefined),
  };
}

async function readToken(path: string): Promise<string> {
  const found = await stat(path).catch(() => null);
  if (!found) throw new AppError('config.invalid', `There is no token at ${path}. Is the server running?`);
  if ((found.mode & 0o077) !== 0)
    throw new AppError('config.invalid', `Others can read ${path}; run: chmod 600 ${path}`);
  return (await readFile(path, 'utf8')).trim();
}
