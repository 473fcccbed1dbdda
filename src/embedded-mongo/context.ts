/** What a command runs with: the engine's parts, the caller, and the command's own arguments. */
import type { ClusterClock } from './cluster-clock.ts';
import type { CursorTable } from './cursor.ts';
import type { FailPoint } from './fail-point.ts';
import type { Pace } from './pace.ts';
import type { RetryKey } from './sessions.ts';
import type { Store } from './store.ts';
import type { Topology } from './topology.ts';
import type { Doc } from './value.ts';
import type { Exhaust } from './wire.ts';
import type { Writes } from './writes.ts';

export type EngineOptions = {
  port: number;
  /** The name given by --replSet; undefined is a standalone server. */
  replicaSetName: string | undefined;
  testCommands: boolean;
};

export type Engine = {
  readonly options: EngineOptions;
  readonly store: Store;
  readonly cursors: CursorTable;
  readonly failPoint: FailPoint;
  readonly clock: ClusterClock;
  readonly topology: Topology;
  readonly startedAt: Date;
  /** Commands answered, by name. */
  readonly counts: Map<string, number>;
  /** What clients have set by setParameter. */
  readonly parameters: Map<string, unknown>;
  connections: number;
  /** Who sent the last command, and how many before it came from the same client. */
  lastServed: Connection | undefined;
  servedInRow: number;
  /** Connections since the start. */
  created: number;
  /** Writes one log line. */
  log(message: string): void;
  /** Ends the process in order, after the current answers. */
  shutdown(): void;
};

export type Connection = {
  readonly id: number;
  /** The client's address, such as 127.0.0.1:50123. */
  readonly peer: string;
  closed: boolean;
  appName: string | undefined;
  /** The commands before this one came from the same client: most likely no other is waiting. */
  isAlone: boolean;
  /** The second of the last cluster time it was told. */
  toldSecond: number;
};

export type Context = {
  readonly engine: Engine;
  readonly connection: Connection;
  readonly name: string;
  readonly database: string;
  readonly command: Doc;
  readonly sequences: Map<string, Buffer[]>;
  /** The client takes several answers to this one message. */
  readonly exhaust: Exhaust | undefined;
  readonly writes: Writes;
  readonly pace: Pace;
  readonly now: Date;
  readonly session: string | undefined;
  readonly retry: RetryKey | undefined;
};

/** A command's answer: fields to which `ok: 1` is added, or finished BSON. */
export type Reply = Doc | Buffer;

export type Command = {
  /** The fields it knows beside the generic ones. */
  fields: readonly string[];
  /** Takes any field, as MongoDB's own greeting does for newer drivers. */
  lenient?: boolean;
  /** Only on the admin database (13). */
  adminOnly?: boolean;
  /** May carry a txnNumber, as the retryable writes do. */
  retryable?: boolean;
  /** Its answer waits until its changes are on disk. */
  writes?: boolean;
  run(context: Context): Reply | Promise<Reply>;
};

export type CommandTable = Readonly<Record<string, Command>>;
