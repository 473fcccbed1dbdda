// The third wall between tenants: reads every command that goes to the database and names those without a tenant.
import type { Connection } from 'mongoose';
import { allDefinitions, exemptCollections } from '../../models/all.ts';
import { type SystemReason, systemReasons } from '../../src/core/store.ts';

type Command = Readonly<Record<string, unknown>>;

export interface Sniffer {
  /** Commands on collections so far: 0 means that nothing was listened to. */
  readonly seen: number;
  /** What was wrong, one sentence for each command. */
  readonly breaches: readonly string[];
  /** @throws Error that lists the breaches, when there are any. */
  check(): void;
  stop(): void;
}

const tenanted = new Set(allDefinitions.map(({ name }) => name));
const exempt = new Set(exemptCollections.map(({ name }) => name));

/** Listens to a connection opened with `monitorCommands`; `more` names collections of the tests themselves. */
export function sniffCommands(connection: Connection, more: readonly string[] = []): Sniffer {
  const known = new Set([...tenanted, ...more]);
  const breaches: string[] = [];
  let seen = 0;
  const listen = ({ commandName, command }: { commandName: string; command: Command }): void => {
    if (!Object.hasOwn(rules, commandName)) return;
    const collection = String(command[commandName]);
    if (exempt.has(collection)) return;
    seen += 1;
    const problem = known.has(collection)
      ? rules[commandName]?.(command)
      : 'is on a collection that no definition and no exemption names';
    if (problem) breaches.push(`${commandName} on ${collection} ${problem}`);
  };
  const client = connection.getClient();
  client.on('commandStarted', listen);
  return {
    get seen() {
      return seen;
    },
    breaches,
    check() {
      if (breaches.length > 0) throw new Error(`commands without a tenant:\n${breaches.join('\n')}`);
    },
    stop: () => void client.off('commandStarted', listen),
  };
}

/** What each command must carry; the result says what it lacks. */
const rules: Readonly<Record<string, (command: Command) => string | undefined>> = {
  find: (command) => readProblem(command, command['filter']),
  count: (command) => readProblem(command, command['query']),
  distinct: (command) => readProblem(command, command['query']),
  aggregate: (command) => aggregateProblem(command),
  insert: (command) =>
    every(command['documents'], (doc) => (isTenant(doc['tenant']) ? undefined : 'inserts without')),
  update: (command) => every(command['updates'], ({ q, u }) => writeProblem(q, u)),
  findAndModify: (command) => writeProblem(command['query'], command['update']),
  delete: () => 'deletes, which no repository does',
};

function readProblem(command: Command, filter: unknown): string | undefined {
  return hasTenant(filter) || isSystemRead(command) ? undefined : 'reads without';
}

function aggregateProblem(command: Command): string | undefined {
  const [first] = listOf(command['pipeline']);
  if (/"\$(lookup|unionWith|graphLookup|out|merge|where|function)"/.test(JSON.stringify(command['pipeline'])))
    return 'uses a stage that leaves the collection';
  return readProblem(command, first?.['$match']);
}

function writeProblem(filter: unknown, update: unknown): string | undefined {
  if (!hasTenant(filter)) return 'writes without';
  const touched =
    Array.isArray(update) || Object.values(asObject(update)).some((fields) => 'tenant' in asObject(fields));
  return touched ? 'may change the tenant' : undefined;
}

const every = (entries: unknown, judge: (entry: Command) => string | undefined): string | undefined =>
  listOf(entries).map(judge).find(Boolean);

const listOf = (value: unknown): readonly Command[] => (Array.isArray(value) ? value : []);
const asObject = (value: unknown): Command =>
  typeof value === 'object' && value !== null ? (value as Command) : {};
const isTenant = (value: unknown): boolean => typeof value === 'string' && value !== '';

function hasTenant(filter: unknown): boolean {
  const given = asObject(filter)['tenant'];
  return isTenant(given) || isTenant(asObject(given)['$eq']);
}

function isSystemRead({ comment }: Command): boolean {
  const reason = /^across tenants: (.+)$/.exec(String(comment))?.[1];
  return reason !== undefined && systemReasons.includes(reason as SystemReason);
}
