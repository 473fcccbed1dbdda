// The way from the embedded database to a replica set: everything arrives to the byte, or the command says why not.
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Binary, Decimal128, Long, MinKey, MongoClient, ObjectId } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startEmbedded } from '../../src/embedded-mongo/start.ts';
import { ENGINE_BINARY, startTestEngine, type TestEngine } from '../support/engine.ts';
import { type Finished, removeFolder, runCommand, temporaryFolder } from '../support/program.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

const COLLECTIONS = ['a first', 'données ☃', 'dots.in.name', 'constructor', '__proto__', 'empty'];
const CLI = resolve(import.meta.dirname, '../../dist/src/cli.js');
const BULK = 20_000;

type Keyed = { _id: unknown; [name: string]: unknown };

const folder = temporaryFolder();
const dataDir = join(folder, 'data');
let target: TestEngine;
let client: MongoClient;

/** Works on the database of a data folder as its owner for a while. */
async function within(path: string, work: (client: MongoClient) => Promise<void>): Promise<void> {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  writeFileSync(join(path, 'engine'), 'embedded\n');
  const engine = await startEmbedded({ binaryPath: ENGINE_BINARY, dataDir: join(path, 'database') });
  const source = await MongoClient.connect(engine.uri);
  try {
    await work(source);
  } finally {
    await source.close();
    await engine.stop();
  }
}

const addressOf = (database: string): string => {
  const address = new URL(target.uri);
  address.pathname = `/${database}`;
  return address.href;
};

const move = (database: string, from = dataDir): Promise<Finished> =>
  runCommand('cli', ['database', 'move', addressOf(database)], { DATA_DIR: from });

beforeAll(async () => {
  target = await startTestEngine();
  client = await MongoClient.connect(target.uri);
  await within(dataDir, async (source) => {
    const db = source.db('wardroom');
    for (const name of COLLECTIONS) {
      await db.createCollection(name);
      if (name === 'empty') continue;
      await db.collection(name).createIndex({ tenant: 1, 'at.day': -1 }, { name: 'by “day”' });
      await db.collection<Keyed>(name).insertMany([
        { _id: 1, ['__proto__']: { x: 1 }, 'a.b': 1, $d: null, '': 'é😀', empty: {}, list: [[], [1]] },
        { _id: Long.fromNumber(2), d: Decimal128.fromString('1.10'), z: -0, m: new MinKey(), r: /^a/i },
        { _id: new ObjectId(), b: new Binary(Buffer.alloc(300), 5), at: { day: new Date(-5) } },
        { _id: { k: 'v' }, tenant: 'other' },
      ]);
    }
    const many = db.collection('many');
    await many.createIndex({ n: 1 }, { unique: true, partialFilterExpression: { n: { $gte: 0 } } });
    await many.createIndex({ gone: 1 }, { expireAfterSeconds: 0 });
    await many.insertMany(Array.from({ length: BULK }, (_, n) => ({ n })));
  });
});

afterAll(async () => {
  await client.close();
  await target.remove();
  removeFolder(folder);
});

describe('database move', () => {
  it('copies every collection with its indexes, verifies each, and says what to set by path alone', async () => {
    const end = await move('whole');

    expect(end).toMatchObject({ code: 0, stderr: '' });
    for (const name of [...COLLECTIONS, 'many']) expect(end.stdout).toContain(`● ${name}: `);
    expect(end.stdout).toContain(`moved ${BULK + 20} documents in 7 collections; all are verified`);
    expect(end.stdout).toContain(`SECRET_KEY   file:${join(dataDir, 'secret.key')}`);
    const many = client.db('whole').collection('many');
    expect(await many.countDocuments()).toBe(BULK);
    await expect(many.insertOne({ n: 5 })).rejects.toMatchObject({ code: 11000 });
    expect((await many.indexes()).map(({ name }) => name)).toEqual(['_id_', 'n_1', 'gone_1'].sort());
    const kept = await client
      .db('whole')
      .collection('__proto__')
      .findOne({ d: Decimal128.fromString('1.1') });
    expect(String(kept?.['d'])).toBe('1.10');
  });

  it('refuses a target that has anything in it, and leaves that as it was', async () => {
    await client.db('taken').collection('theirs').insertOne({ kept: true });

    const end = await move('taken');

    expect(end.code).toBe(1);
    expect(end.stderr).toContain('is not empty, it has 1 collections (theirs…)');
    expect(end.stderr).toContain('db.dropDatabase()');
    const present = await client.db('taken').listCollections().toArray();
    expect(present.map(({ name }) => name)).toEqual(['theirs']);
  });

  it('refuses the half of a copy that was killed, and copies everything once that is dropped', async () => {
    const child = spawn(process.execPath, [CLI, 'database', 'move', addressOf('halved')], {
      env: { PATH: process.env['PATH'] ?? '', DATA_DIR: dataDir },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    child.stdout.on('data', (text: Buffer) => text.includes('●') && child.kill('SIGKILL'));
    const endedBy = await new Promise((settle) => child.once('close', (_code, signal) => settle(signal)));

    expect(endedBy).toBe('SIGKILL');
    expect((await move('halved')).stderr).toContain('is not empty');
    await client.db('halved').dropDatabase();
    const again = await move('halved');

    expect(again.stdout).toContain('all are verified');
    expect(again.code).toBe(0);
  });

  it('refuses a document that it could not copy to the byte, and names it', async () => {
    const other = join(folder, 'numbers');
    await within(other, async (source) => {
      // A Map keeps its order on the wire; an object would put the whole number first.
      const inner = new Map([
        ['z', 1],
        ['10', 2],
      ]);
      await source.db('wardroom').collection<Keyed>('odd').insertOne({ _id: 7, inner });
    });

    const end = await move('numbers', other);

    expect(end.code).toBe(1);
    expect(end.stderr).toContain('the document 7 of odd cannot be copied byte for byte');
  });

  it('does not run beside the owner of the folder, and names it', async () => {
    const held = join(folder, 'held');
    await within(held, async () => {
      const end = await move('beside', held);

      expect(end.code).toBe(1);
      expect(end.stderr).toContain(`The data folder ${held} is in use by process`);
    });
  });

  it.each([
    ['no address', ['move'], 2, 'takes one address'],
    ['another verb', ['copy'], 2, '“database copy” is not known'],
    ['an address of another kind', ['move', 'postgres://x/y'], 2, 'does not begin with mongodb://'],
    ['no database in it', ['move', 'mongodb://u:canary@h:1/?a=b'], 2, 'names no database'],
    [
      'nobody there',
      ['move', 'mongodb://u:canary@127.0.0.1:9/x?serverSelectionTimeoutMS=50'],
      1,
      'cannot be opened',
    ],
  ])('explains %s without the password', async (_case, args, code, words) => {
    const end = await runCommand('cli', ['database', ...args], { DATA_DIR: join(folder, 'none') });

    expect(end.code).toBe(code);
    expect(end.stderr).toContain(words);
    expect(end.stdout + end.stderr).not.toContain('canary');
  });

  it('has nothing to move where MONGODB_URI names a server already', async () => {
    const end = await runCommand('cli', ['database', 'move', addressOf('twice')], {
      DATA_DIR: join(folder, 'none'),
      MONGODB_URI: addressOf('there'),
      SECRET_KEY: 'a key for this test alone, long enough to be taken',
    });

    expect(end.code).toBe(1);
    expect(end.stderr).toContain('MONGODB_URI is set');
  });
});
