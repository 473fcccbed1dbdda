// The program as its operator meets it: it starts anywhere, keeps everything, explains itself, and ends in order.
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  type Finished,
  keptSecret,
  type RunningProgram,
  removeFolder,
  runCommand,
  startProgram,
  temporaryFolder,
} from '../support/program.ts';
import { ask } from '../support/web-world.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

const folder = temporaryFolder();
const dataDir = join(folder, 'data');
const secrets = {
  N8N_WEBHOOK_AB_UPDATE: 'http://operator:canary-of-the-hook@127.0.0.1:9/hook?token=canary-of-the-query',
  N8N_WEBHOOK_SECRET: `whsec_${Buffer.from('canary of the webhook secret, long').toString('base64')}`,
};
const settings = { DATA_DIR: dataDir, LOG_LEVEL: 'debug', ...secrets };
const heard: string[] = [];
const running: RunningProgram[] = [];

async function start(...given: Parameters<typeof startProgram>): Promise<RunningProgram> {
  const program = await startProgram(...given);
  running.push(program);
  return program;
}

async function refused(given: Readonly<Record<string, string>>): Promise<Finished> {
  const end = await runCommand('main', [], { PORT: '0', ...given });
  heard.push(end.stdout, end.stderr);
  return end;
}

afterAll(async () => {
  for (const program of running) await program.kill();
  removeFolder(folder);
});

function addTask(program: RunningProgram, title: string) {
  const token = keptSecret(dataDir, 'chat.token');
  return ask(`${program.url}/api/operations/task.add`, { token, json: { title } });
}

/** Adds tasks, eight at a time, until the program is gone; gives the ids that it acknowledged. */
async function addTasksUntilGone(program: RunningProgram, acknowledged: string[]): Promise<void> {
  const talk = async (): Promise<void> => {
    for (;;) {
      const answer = await addTask(program, 'Under load').catch(() => null);
      if (answer === null) return;
      if (answer.status === 200) acknowledged.push(idOf(answer.json()));
    }
  };
  await Promise.all(Array.from({ length: 8 }, talk));
}

const idOf = ({ output }: Record<string, unknown>): string => (output as { id: string }).id;

/** Those of these tasks that the database does not have. */
async function missingOf(ids: readonly string[]): Promise<string[]> {
  const client = await MongoClient.connect(keptSecret(dataDir, 'mongo.uri'));
  try {
    const tasks = client.db().collection<{ _id: string }>('enhancement_tasks');
    const found = await tasks.find({ _id: { $in: [...ids] } }, { projection: { _id: 1 } }).toArray();
    const there = new Set(found.map(({ _id }) => _id));
    return ids.filter((id) => !there.has(id));
  } finally {
    await client.close();
  }
}

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

describe('one data folder from its first start on', () => {
  const acknowledged: string[] = [];
  let program: RunningProgram;

  beforeAll(async () => {
    program = await start(settings, 'start');
  });

  it('greets on a dozen lines and ends with one line that says where it is ready', async () => {
    const lines = program.stdout().trimEnd().split('\n');

    expect(lines.filter((line) => line.startsWith('ready'))).toEqual([`ready ${program.url}`]);
    expect(lines.at(-1)).toBe(`ready ${program.url}`);
    expect(lines.length).toBeLessThanOrEqual(16);
    expect(program.stdout()).toContain(join(dataDir, 'database'));
    expect(program.stdout()).toMatch(/sign in +http:\/\/127\.0\.0\.1:\d+\/login\/\S+/);
    expect((await ask(`${program.url}/health`)).status).toBe(200);
  });

  it('keeps keys, tokens and addresses for its owner alone', () => {
    const files = readdirSync(dataDir, { recursive: true, encoding: 'utf8' });
    const kept = files.filter((name) => statSync(join(dataDir, name)).isFile());

    expect(kept).toEqual(expect.arrayContaining(['secret.key', 'chat.token', 'mongo.uri', 'server.url']));
    expect(kept.map((name) => `${name} ${modeOf(join(dataDir, name))}`)).toEqual(
      kept.map((name) => `${name} 600`),
    );
    expect([modeOf(dataDir), modeOf(join(dataDir, 'database'))]).toEqual(['700', '700']);
  });

  it('signs its first owner in by the link, which no log line repeats', async () => {
    const link = /(http\S+\/login\/(\S+))/.exec(program.stdout());
    const body = 'name=Meera';
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };

    expect((await ask(link?.[1] ?? '')).status).toBe(200);
    expect((await ask(link?.[1] ?? '', { body, headers })).status).toBe(303);
    expect(program.stderr()).toContain('"route":"/login/:code"');
    expect(program.stderr()).not.toContain(link?.[2]);
  });

  it('refuses a second program on the same folder, naming the first, which goes on unharmed', async () => {
    const second = await refused(settings);

    expect(second.code).toBe(1);
    expect(second.stderr).toContain(
      `The data folder ${dataDir} is in use by process ${program.pid}. Stop that process`,
    );
    expect(second.stdout).not.toContain('ready');
    expect((await addTask(program, 'Still at work')).status).toBe(200);
    expect(existsSync(join(dataDir, 'mongo.uri'))).toBe(true);
  });

  it('starts again after SIGKILL under load, and has everything that it acknowledged', async () => {
    const load = addTasksUntilGone(program, acknowledged);
    await waitFor(() => acknowledged.length > 40);
    await program.kill();
    await load;
    heard.push(program.stdout().replace(/^ {2}sign in.*$/m, ''), program.stderr());
    program = await start(settings);

    expect(await missingOf(acknowledged)).toEqual([]);
    expect(program.stdout()).not.toContain('sign in');
  });

  it('ends with 0 at SIGTERM under load, and loses nothing that it acknowledged', async () => {
    const before = acknowledged.length;
    const load = addTasksUntilGone(program, acknowledged);
    await waitFor(() => acknowledged.length > before + 40);
    const end = await program.stop();
    await load;
    heard.push(end.stdout, end.stderr);

    expect(end.code).toBe(0);
    expect(end.stderr).not.toContain('"level":"error"');
    expect(existsSync(join(dataDir, 'mongo.uri'))).toBe(false);
    expect(existsSync(join(dataDir, 'server.url'))).toBe(false);
  });

  it('ends with 1 when its database dies, so that it can be started again', async () => {
    const doomed = await start(settings);
    process.kill(Number(keptSecret(dataDir, 'database/engine.pid')), 'SIGKILL');
    const end = await doomed.ended;
    heard.push(end.stdout, end.stderr);

    expect(end.code).toBe(1);
    expect(end.stderr).toContain('the embedded database has died');
  });

  it('refuses another secret key, and starts with its own again', async () => {
    const wrong = await refused({ ...settings, SECRET_KEY: 'canary-of-a-wrong-key-of-forty-characters' });
    program = await start(settings);

    expect(wrong.code).toBe(78);
    expect(wrong.stderr).toMatch(/SECRET_KEY: is not the key that this database was begun with/);
    expect(await missingOf(acknowledged)).toEqual([]);
  });

  it('ends in order at Ctrl-C, which reaches every process in its terminal', async () => {
    const end = await program.interrupt();
    heard.push(end.stdout, end.stderr);

    expect(end.code).toBe(0);
    expect(end.stderr).not.toMatch(/"level":"(error|warn)"/);
  });

  it('has never said a secret', () => {
    const said = heard.join('\n');
    const kept = ['secret.key', 'chat.token'].map((name) => keptSecret(dataDir, name));

    expect(said).toContain('ready http');
    for (const secret of [...kept, secrets.N8N_WEBHOOK_SECRET, 'canary']) expect(said).not.toContain(secret);
  });
});

describe('a configuration that cannot work', () => {
  it('ends the start with 78, and every mistake is named at once', async () => {
    const end = await refused({
      DATA_DIR: join(folder, 'never'),
      PORT: '70000',
      BUSINESS_TIMEZONE: 'Pune',
      PROTOCOL_EVERY: '7 hours',
      ROLES: 'web',
      APP_ENV: 'production',
      SECRET_KEY: 'canary-short',
      N8N_WEBHOOK_SECRET: `file:${join(folder, 'no-such-file')}`,
      N8N_WEBHOOK_AB_UPDATE: 'canary-of-no-address',
    });
    const named = [...end.stderr.matchAll(/^ {2}(\w+):/gm)].map(([, name]) => name).sort();

    expect(end.code).toBe(78);
    expect(named).toEqual([
      'BUSINESS_TIMEZONE',
      'MONGODB_URI',
      'N8N_WEBHOOK_AB_UPDATE',
      'N8N_WEBHOOK_SECRET',
      'PORT',
      'PROTOCOL_EVERY',
      'ROLES',
      'SECRET_KEY',
    ]);
    expect(end.stderr).not.toContain('canary');
    expect(existsSync(join(folder, 'never'))).toBe(false);
  });

  it('ends it where DATA_DIR is a file, stands in one, or cannot be made', async () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    const barren = process.platform === 'linux' ? ['/proc/wardroom', '/proc/wardroom/below'] : [];
    for (const path of [file, join(file, 'below'), ...barren]) {
      const end = await refused({ DATA_DIR: path });

      expect([end.code, end.stderr]).toEqual([78, expect.stringContaining('  DATA_DIR: ')]);
    }
  });

  it('ends it where nobody answers at MONGODB_URI, with no fall-back and no password said', async () => {
    const given = {
      DATA_DIR: join(folder, 'server'),
      SECRET_KEY: 'canary-of-a-key-of-more-than-32-characters',
    };
    const uris = [
      'mongodb://asha:canary-pass@127.0.0.1:1/wardroom',
      'mongodb://asha:canary/of@127.0.0.1:1/x',
    ];
    const ends = await Promise.all(uris.map((MONGODB_URI) => refused({ ...given, MONGODB_URI })));

    for (const end of ends) {
      expect(end.code).toBe(78);
      expect(end.stderr).toMatch(/MONGODB_URI: .*127\.0\.0\.1:1/);
      expect(end.stderr).not.toContain('canary');
    }
    expect(existsSync(join(folder, 'server/database'))).toBe(false);
  });

  it('reads a value from the file that it names', async () => {
    const file = join(folder, 'port');
    writeFileSync(file, '99999\n');
    const end = await refused({ DATA_DIR: join(folder, 'never'), PORT: `file:${file}` });

    expect(end.stderr).toContain('PORT: “99999” is not a whole number from 0 to 65535');
    expect(readFileSync(file, 'utf8')).toBe('99999\n');
  });
});

async function waitFor(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}
