/** The things a unified test names: clients with the events they saw, databases, collections, sessions. */
import {
  ClientSession,
  Db,
  type Document,
  GridFSBucket,
  MongoClient,
  type MongoClientOptions,
  ReadPreference,
} from 'mongodb';
import type { Named } from './match.ts';

/** A client and what it was told to watch; each event as `[kind, event]`. */
export type Watched = { client: MongoClient; events: [string, Document][] };

const COMMAND_EVENTS = ['commandStarted', 'commandSucceeded', 'commandFailed'] as const;
const POOL_EVENTS = [
  'connectionReady',
  'connectionCheckOutStarted',
  'connectionCheckOutFailed',
  'connectionCheckedOut',
  'connectionCheckedIn',
  'connectionPoolCleared',
] as const;
/** Commands that the driver sends by itself, and those the runner sends. */
const NEVER_OBSERVED = new Set(['configureFailPoint', 'hello', 'ismaster', 'saslStart', 'saslContinue']);

/** Quick checks of the server's state, for the tests that break connections. */
const QUICK: MongoClientOptions = { minHeartbeatFrequencyMS: 20, serverSelectionTimeoutMS: 5000 };

export class Entities implements Named {
  readonly #things = new Map<string, unknown>();
  readonly #watched = new Map<string, Watched>();
  readonly #checkedOut = new Map<string, number>();
  readonly #uri: string;

  constructor(uri: string) {
    this.#uri = uri;
  }

  async create(specs: readonly Document[]): Promise<void> {
    for (const spec of specs) {
      const [kind = ''] = Object.keys(spec);
      const fields: Document = spec[kind];
      this.save(String(fields['id']), await this.#make(kind, fields));
    }
  }

  save(name: string, thing: unknown): void {
    this.#things.set(name, thing);
  }

  value(name: string): unknown {
    if (!this.#things.has(name)) throw new Error(`the test names '${name}', which was never created`);
    return this.#things.get(name);
  }

  sessionId(name: string): unknown {
    return this.session(name).id;
  }

  session(name: string): ClientSession {
    const thing = this.value(name);
    if (thing instanceof ClientSession) return thing;
    throw new Error(`'${name}' is not a session`);
  }

  /** The watched client by its name. */
  watched(name: string): Watched {
    const found = this.#watched.get(name);
    if (found === undefined) throw new Error(`'${name}' is not a client`);
    return found;
  }

  connectionsCheckedOut(name: string): number {
    return this.#checkedOut.get(name) ?? 0;
  }

  async close(): Promise<void> {
    for (const thing of this.#things.values()) if (thing instanceof ClientSession) await thing.endSession();
    for (const { client } of this.#watched.values()) await client.close();
  }

  async #make(kind: string, fields: Document): Promise<unknown> {
    switch (kind) {
      case 'client':
        return this.#makeClient(fields);
      case 'database':
        return this.watched(fields['client']).client.db(
          fields['databaseName'],
          readOptions(fields['databaseOptions']),
        );
      case 'collection':
        return this.#database(fields).collection(
          fields['collectionName'],
          readOptions(fields['collectionOptions']),
        );
      case 'session':
        return this.watched(fields['client']).client.startSession(fields['sessionOptions']);
      case 'bucket':
        return new GridFSBucket(this.#database(fields), fields['bucketOptions']);
      default:
        throw new Error(`the entity '${kind}' is not known to this runner`);
    }
  }

  #database(fields: Document): Db {
    const database = this.value(fields['database']);
    if (database instanceof Db) return database;
    throw new Error(`'${fields['database']}' is not a database`);
  }

  async #makeClient(fields: Document): Promise<MongoClient> {
    const address = new URL(this.#uri);
    for (const [name, value] of Object.entries(fields['uriOptions'] ?? {})) {
      address.searchParams.set(name, String(value));
    }
    const api = fields['serverApi'] === undefined ? {} : { serverApi: fields['serverApi'] };
    const client = new MongoClient(address.href, { ...QUICK, ...api, monitorCommands: true });
    const id = String(fields['id']);
    this.#watched.set(id, { client, events: [] });
    this.#observe(id, fields);
    return client.connect();
  }

  #observe(id: string, fields: Document): void {
    const { client, events } = this.watched(id);
    const wanted = new Set<string>(fields['observeEvents'] ?? []);
    const ignored = new Set<string>(fields['ignoreCommandMonitoringEvents'] ?? []);
    for (const kind of COMMAND_EVENTS) {
      if (!wanted.has(`${kind}Event`)) continue;
      client.on(kind, (event: Document) => {
        const name = String(event['commandName']);
        if (!NEVER_OBSERVED.has(name) && !ignored.has(name)) events.push([`${kind}Event`, event]);
      });
    }
    for (const kind of POOL_EVENTS) {
      if (!wanted.has(`${kind}Event`)) continue;
      client.on(kind, (event: Document) => events.push([`${kind}Event`, event]));
    }
    const count = (by: number) => () => this.#checkedOut.set(id, this.connectionsCheckedOut(id) + by);
    client.on('connectionCheckedOut', count(1));
    client.on('connectionCheckedIn', count(-1));
  }
}

/** Options of an entity or an operation, with the read preference as the driver takes it. */
export function readOptions(given: Document | undefined): Document {
  const { readPreference, ...rest } = given ?? {};
  if (readPreference === undefined) return rest;
  const preference = new ReadPreference(readPreference['mode'], readPreference['tagSets'], readPreference);
  return { ...rest, readPreference: preference };
}
