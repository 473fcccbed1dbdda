/** Commands that run between each other's steps: the journal must tell their changes in memory's order. */
import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ClusterClock } from '../../../src/embedded-mongo/cluster-clock.ts';
import type { Engine } from '../../../src/embedded-mongo/context.ts';
import { CursorTable } from '../../../src/embedded-mongo/cursor.ts';
import { execute } from '../../../src/embedded-mongo/execute.ts';
import { FailPoint } from '../../../src/embedded-mongo/fail-point.ts';
import { openStore, type Store } from '../../../src/embedded-mongo/store.ts';
import { Topology } from '../../../src/embedded-mongo/topology.ts';
import { temporaryDirectory } from '../../support/engine.ts';

let directory: string;
beforeEach(() => {
  directory = temporaryDirectory();
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const fail = (error: Error): never => {
  throw error;
};
const engineOn = (store: Store): Engine => ({
  options: { port: 0, replicaSetName: undefined, testCommands: false },
  store,
  cursors: new CursorTable(),
  failPoint: new FailPoint(),
  clock: new ClusterClock(0),
  topology: new Topology(),
  startedAt: new Date(0),
  counts: new Map(),
  parameters: new Map(),
  connections: 0,
  lastServed: undefined,
  servedInRow: 0,
  created: 0,
  log: fail as never,
  shutdown: () => undefined,
});
const keysIn = (store: Store): string[] => [...store.catalog.get('d.c').documents.keys()].sort();

it('a restart finds what memory held, however commands were interleaved', async () => {
  const store = openStore(directory, 0, fail);
  const engine = engineOn(store);
  const connection = { id: 1, peer: '', closed: false, appName: undefined, isAlone: false, toldSecond: 0 };
  const run = async (command: { [field: string]: unknown }): Promise<unknown> =>
    execute(engine, connection, {
      requestId: 1,
      legacy: false,
      silent: false,
      exhaust: undefined,
      command: { ...command, $db: 'd' },
      sequences: new Map(),
    });
  const inserts = (first: number): Promise<unknown> =>
    run({ insert: 'c', documents: Array.from({ length: 9 }, (_, at) => ({ _id: first + at })) });
  const removal = (id: number): Promise<unknown> =>
    run({ delete: 'c', deletes: [{ q: { _id: id }, limit: 1 }] });
  await Promise.all([inserts(0), removal(0), removal(1), inserts(100), removal(100), removal(2)]);
  await Promise.all([inserts(0), inserts(0), removal(3), removal(108), removal(4)]);
  const held = keysIn(store);
  store.journal.close();

  const reopened = openStore(directory, 0, fail);
  expect(keysIn(reopened)).toEqual(held);
  reopened.journal.close();
});
