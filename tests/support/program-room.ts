// The people of a running program and what they ask with: its command line, bearer tokens, sessions and the console.
import { type Finished, type RunningProgram, runCommand } from './program.ts';
import { type Answer, ask, Browser } from './web-world.ts';

export interface Account {
  readonly id: string;
  readonly token: string;
  readonly browser: Browser;
}

export interface ShownMessage {
  readonly id: string;
  readonly text: string;
  readonly shared: boolean;
  readonly buttons: readonly { readonly id: string; readonly label: string }[];
}

export type ProgramRoom = ReturnType<typeof roomOf>;

/** @param settings the environment of the program, which its command line needs too. */
export function roomOf(program: () => RunningProgram, settings: Readonly<Record<string, string>>) {
  const cli = (...words: string[]): Promise<Finished> => runCommand('cli', words, settings);

  /** The JSON that a command prints. @throws Error with what it said when it fails. */
  async function cliJson<T = Record<string, string>>(...words: string[]): Promise<T> {
    const { code, stdout, stderr } = await cli(...words, '--json');
    if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}: ${stderr}`);
    return JSON.parse(stdout);
  }

  async function signedIn(link: string, form: Readonly<Record<string, string>> = {}): Promise<Browser> {
    const browser = new Browser(program().url);
    const answer = await browser.signIn(link.split('/login/')[1] ?? '', form);
    if (answer.status !== 303) throw new Error(`signing in answered ${answer.status}: ${answer.text}`);
    return browser;
  }

  /** The first owner, by the link that the start printed. */
  async function firstOwner(name: string): Promise<Account> {
    const link = /sign in +(\S+)/.exec(program().stdout())?.[1] ?? '';
    const browser = await signedIn(link, { name });
    const { token = '', user: id = '' } = await cliJson('token', 'create', '--user', name);
    return { id, token, browser };
  }

  async function member(name: string, role: string): Promise<Account> {
    const { id = '', link = '' } = await cliJson('user', 'create', name, '--role', role);
    const { token = '' } = await cliJson('token', 'create', '--user', id);
    return { id, token, browser: await signedIn(link) };
  }

  const keyed = (key: string | undefined) =>
    key === undefined ? {} : { headers: { 'idempotency-key': key } };

  const api = ({ token }: Account, operation: string, json: unknown, key?: string): Promise<Answer> =>
    ask(`${program().url}/api/operations/${operation}`, { token, json, ...keyed(key) });

  /** What an operation answers. @throws Error when it is refused. */
  async function output<T>(account: Account, operation: string, json: unknown): Promise<T> {
    const answer = await api(account, operation, json);
    if (answer.status !== 200) throw new Error(`${operation} answered ${answer.status}: ${answer.text}`);
    return (answer.json() as { output: T }).output;
  }

  const say = ({ token }: Account, text: string, key?: string): Promise<Answer> =>
    ask(`${program().url}/api/console/messages`, { token, json: { text }, ...keyed(key) });

  const press = ({ token }: Account, id: string, key?: string): Promise<Answer> =>
    ask(`${program().url}/api/console/press`, { token, json: { id }, ...keyed(key) });

  async function messages({ token }: Account): Promise<readonly ShownMessage[]> {
    const answer = await ask(`${program().url}/api/console/messages`, { token });
    return (answer.json() as { messages: ShownMessage[] }).messages;
  }

  return { cli, cliJson, firstOwner, member, api, output, say, press, messages };
}
