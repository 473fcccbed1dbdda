// One verb through every door of the running program: one permission check, one effect, one audit row.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  keptSecret,
  type RunningProgram,
  removeFolder,
  startProgram,
  temporaryFolder,
  until,
} from '../support/program.ts';
import { type Account, roomOf } from '../support/program-room.ts';
import { type Answer, ask, Browser } from '../support/web-world.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

const dataDir = temporaryFolder();
const settings = { DATA_DIR: dataDir, LOG_LEVEL: 'warn' };

interface Row {
  readonly operation: string;
  readonly outcome: string;
  readonly door: string;
  readonly whoId: string;
  readonly target: string;
}

const { cli, cliJson, firstOwner, member, api, say } = roomOf(() => program, settings);

let program: RunningProgram;
let owner: Account;
let manager: Account;
let viewer: Account;

beforeAll(async () => {
  program = await startProgram(settings);
  owner = await firstOwner('Meera');
  manager = await member('Asha', 'manager');
  viewer = await member('Ravi', 'viewer');
});
afterAll(async () => {
  await program.kill();
  removeFolder(dataDir);
});

async function submit(
  { browser }: Account,
  operation: string,
  fields: Readonly<Record<string, string>>,
): Promise<Answer> {
  const own = { _csrf: await browser.csrf('/console'), _back: '/console' };
  return browser.post(`/admin/operations/${operation}`, { ...own, ...fields });
}

/** What each door needs to add a task; the same key again is the same effect. */
const doors = {
  http: (account: Account, title: string, key: string) => api(account, 'task.add', { title }, key),
  console: (account: Account, title: string, key: string) => say(account, `/task add "${title}"`, key),
  page: (account: Account, title: string, key: string) =>
    submit(account, 'task.add', { title, _effect: key }),
};

async function tasksCalled(title: string): Promise<{ id: string }[]> {
  const answer = await api(owner, 'task.list', { view: 'all', limit: 200 });
  const { output } = answer.json() as { output: { tasks: { id: string; title: string }[] } };
  return output.tasks.filter((task) => task.title === title);
}

async function auditRows(what: string): Promise<Row[]> {
  const answer = await api(owner, 'audit.list', { what, limit: 200 });
  return (answer.json() as { output: { rows: Row[] } }).output.rows;
}

/** Rows reach the log by the outbox, within moments of the effect. */
function rowsOf(target: string): Promise<Row[]> {
  return until(async () => {
    const rows = (await auditRows('task.add')).filter((row) => row.target === target);
    return rows.length > 0 ? rows : undefined;
  });
}

describe('one verb', () => {
  it.each(['http', 'console', 'page'] as const)('by %s twice: one effect, one audit row', async (door) => {
    const title = `Added by ${door}`;
    const first = await doors[door](manager, title, `key-${door}`);
    const again = await doors[door](manager, title, `key-${door}`);
    const tasks = await tasksCalled(title);

    expect([first.status, again.status]).toEqual(door === 'page' ? [303, 303] : [200, 200]);
    if (door !== 'page') expect(again.json()).toEqual(first.json());
    expect(tasks).toHaveLength(1);
    expect(await rowsOf(tasks[0]?.id ?? '')).toEqual([
      expect.objectContaining({ operation: 'task.add', outcome: 'done', door, whoId: manager.id }),
    ]);
  });

  it('by the command line beside the running program: one effect, one audit row', async () => {
    const { id = '' } = await cliJson('task', 'add', 'Added by cli');

    expect(await tasksCalled('Added by cli')).toEqual([expect.objectContaining({ id })]);
    expect(await rowsOf(id)).toEqual([expect.objectContaining({ door: 'cli', outcome: 'done' })]);
  });

  it.each(['http', 'console', 'page'] as const)('is refused by %s, and audited', async (door) => {
    const title = `Refused by ${door}`;
    const answer = await doors[door](viewer, title, `no-${door}`);
    const denied = (await auditRows('task.add')).filter((row) => row.outcome === 'denied');

    expect(answer.status).toBe(door === 'console' ? 200 : 403);
    expect(answer.text).toContain('Your role is viewer');
    expect(await tasksCalled(title)).toEqual([]);
    expect(denied.filter((row) => row.door === door)).toEqual([
      expect.objectContaining({ whoId: viewer.id, target: '' }),
    ]);
  });

  it('refuses a key that named another request', async () => {
    expect((await api(manager, 'task.add', { title: 'Another' }, 'key-http')).status).toBe(409);
    expect((await say(manager, '/task add Another', 'key-console')).status).toBe(409);
    expect(await tasksCalled('Another')).toEqual([]);
  });

  it('answers nobody without a token or session', async () => {
    const json = { title: 'Nobody’s' };

    expect((await ask(`${program.url}/api/operations/task.add`, { json })).status).toBe(401);
    expect((await ask(`${program.url}/api/operations/task.add`, { json, token: 'wr_x' })).status).toBe(401);
    expect((await new Browser(program.url).post('/admin/operations/task.add', json)).status).toBe(401);
    expect(await tasksCalled('Nobody’s')).toEqual([]);
  });
});

const hostile = {
  HTML: '<img src=x onerror=alert(1)><script>alert(1)</script>',
  ANSI: '\u001B[31mred\u001B]0;owned\u0007',
  'marks that turn the line': '\u202Egnp.exe\u2066 safe',
  'an operator': '{"$where":"sleep(9000)"}',
  'a prototype': '__proto__',
  NUL: 'before\0after',
};

describe('hostile text', () => {
  it.each(Object.entries(hostile))('%s in any field is kept as data and never obeyed', async (_, text) => {
    const added = await api(manager, 'task.add', { title: text, category: text });
    const { id } = (added.json() as { output: { id: string } }).output;
    const done = await api(manager, 'task.done', { task: id, note: text });
    const invited = await api(owner, 'team.invite', { name: text });
    const token = await api(owner, 'token.create', { role: 'viewer', name: text });
    const said = await say(manager, `/task add "${text}" --category "${text}"`, `said-${id}`);
    const asked = [
      await api(manager, 'task.list', { view: text }),
      await api(manager, 'task.take', { task: text }),
      await api(manager, 'experiment.show', { experiment: text }),
      await api(manager, 'audit.list', { who: text }),
      await say(manager, text, `plain-${id}`),
      await ask(`${program.url}/api/admin/protocol/runs/${encodeURIComponent(text)}`, {
        token: manager.token,
      }),
    ];

    expect(done.json()).toMatchObject({ output: { title: text, category: text, note: text } });
    for (const answer of [added, done, invited, token, said]) expect(answer.status).toBe(200);
    for (const answer of asked) expect(answer.status).toBeLessThan(500);
  });

  it('is shown by pages and by the terminal without doing anything', async () => {
    await say(owner, '/tasks all --limit 200', 'shown-tasks');
    await say(owner, '/team list', 'shown-team');
    const page = await owner.browser.get('/console');
    const listed = await cli('tasks', 'all', '--limit', '200');
    const team = await cli('team', 'list');

    expect(page.text).toContain('&lt;script&gt;alert(1)');
    expect(page.text).not.toMatch(/<script>alert|<img src=x/);
    for (const { stdout } of [listed, team]) {
      expect(stdout).toContain('<script>alert(1)');
      expect(stdout).not.toMatch(/(?!\n)[\p{Cc}\u202A-\u202E\u2066-\u2069]/u);
    }
  });

  it('refuses what is too long, naming the field', async () => {
    const long = 'x'.repeat(20_000);
    const answers = [
      await api(manager, 'task.add', { title: long }),
      await api(manager, 'task.add', { title: 'Short', category: long }),
      await api(owner, 'team.invite', { name: long }),
    ];
    const said = await say(manager, `/task add ${long}`, 'long');
    const typed = await cli('task', 'add', long);

    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400]);
    expect(answers.map(({ text }) => /"field":"(\w+)"/.exec(text)?.[1])).toEqual([
      'title',
      'category',
      'name',
    ]);
    expect([said.status, said.text.length < 2_000]).toEqual([200, true]);
    expect([typed.code, typed.stderr.length < 2_000]).toEqual([2, true]);
  });

  it.each([
    '{"title":"T","__proto__":{"role":"owner"}}',
    '{"title":"T","constructor":{"prototype":{}}}',
    '{"title":"T","$where":"1"}',
    '{"title":{"$gt":""}}',
    '{"title":["T"]}',
    '[]',
    'null',
    '{"title":',
  ])('refuses the body %s', async (body) => {
    const headers = { 'content-type': 'application/json' };
    const path = '/api/operations/task.add';
    const answer = await ask(program.url + path, { token: manager.token, body, headers });

    expect(answer.status).toBe(400);
    expect(answer.json()).toMatchObject({ code: expect.stringMatching(/^input\./) });
    expect(await tasksCalled('T')).toEqual([]);
  });

  it('refuses such field names in forms and queries', async () => {
    for (const name of ['$where', 'title[$gt]', 'constructor'])
      await submit(manager, 'task.add', { title: 'T', [name]: 'x' });
    const path = '/api/admin/tasks/pending?limit[$gt]=1&__proto__=2';

    expect((await ask(program.url + path, { token: manager.token })).status).toBe(400);
    expect(await tasksCalled('T')).toEqual([]);
    expect((await ask(`${program.url}/api/me`, { token: viewer.token })).json()).toMatchObject({
      role: 'viewer',
    });
  });
});

describe('the command line', () => {
  it.each([
    [0, ['tasks']],
    [1, ['task', 'done', 'tsk_that_is_nowhere']],
    [1, ['import', 'exposures', '/nowhere.csv', '--experiment', 'x', '--default', 'a']],
    [2, ['task', 'ad']],
    [2, ['task', 'add']],
    [2, ['task', 'add', 'T', '--priority', 'soon']],
    [2, ['task', 'add', 'T', '--colour', 'red']],
  ] as const)('ends with %i after %j', async (code, words) => {
    const end = await cli(...words);

    expect([end.code, end.stderr === '']).toEqual([code, code === 0]);
    expect(end.stderr).not.toContain('    at ');
  });

  it.each([
    ['is empty', ''],
    ['is UTF-16; save it as', Buffer.from('\ufeffunit,variant,outcome\n', 'utf16le')],
    ['is not UTF-8 text; save it as', Buffer.from('unit,variant,outcome\nJos\u00e9,a,1\n', 'latin1')],
  ])('names a file that %s', async (problem, bytes) => {
    const file = join(dataDir, 'hostile.csv');
    writeFileSync(file, bytes);

    const end = await cli('import', 'exposures', file, '--experiment', 'x', '--default', 'a');

    expect([end.code, end.stderr]).toEqual([1, expect.stringContaining(`${file} ${problem}`)]);
  });

  it('examines itself, in words and as JSON', async () => {
    const said = await cli('doctor');
    const { findings } = await cliJson<{ findings: { what: string; isWell: boolean }[] }>('doctor');

    expect(said.stdout).toContain('● database: ');
    expect(findings.map(({ what }) => what)).toEqual(expect.arrayContaining(['configuration', 'database']));
    expect(findings.every(({ isWell }) => isWell)).toBe(true);
  });

  it('says times in the zone of the business, which it names', async () => {
    const end = await cli('protocol', 'status');

    expect(end.stdout).toMatch(/Next run at \d+ \w+ \d{4}, \d\d:\d\d Asia\/Kolkata/);
    expect(end.stdout).not.toMatch(/\d{4}-\d\d-\d\dT/);
  });

  it('works alone once the program has stopped, with one effect and one audit row in a chain that holds', async () => {
    await program.stop();
    const { id = '' } = await cliJson('task', 'add', 'Added alone');
    const { rows } = await cliJson<{ rows: Row[] }>('audit', id);

    const listed = await cliJson<{ rows: Row[] }>('audit', 'list', '--what', 'task.add', '--limit', '200');
    const done = listed.rows.filter((row) => row.outcome === 'done');

    expect(rows).toEqual([expect.objectContaining({ operation: 'task.add', door: 'cli', target: id })]);
    expect(new Set(done.map((row) => row.target)).size).toBe(done.length);
    expect(await cliJson('audit', 'verify')).toMatchObject({ holds: true, problemCount: 0 });
    expect(keptSecret(dataDir, 'engine')).toBe('embedded');
  });
});
