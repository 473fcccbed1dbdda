/** Judges which tests apply: by their own requirements, by what the engine refuses, by what the driver has. */
import type { Document, MongoClient } from 'mongodb';
import type { Requirement, TestFile, UnifiedTest } from './format.ts';

export type Server = { version: string; topology: string };

/** What the server says of itself: its version, and whether it is a member of a replica set. */
export async function describeServer(client: MongoClient): Promise<Server> {
  const admin = client.db('admin');
  const hello = await admin.command({ hello: 1 });
  const { version } = await admin.command({ buildInfo: 1 });
  const topology = hello['msg'] === 'isdbgrid' ? 'sharded' : hello['setName'] ? 'replicaset' : 'single';
  return { version: String(version), topology };
}

/** Does one of the requirements hold? None given means any server will do. */
export function isMet(requirements: readonly Requirement[] | undefined, server: Server): boolean {
  return requirements === undefined || requirements.some((requirement) => holds(requirement, server));
}

function holds(requirement: Requirement, { version, topology }: Server): boolean {
  const { minServerVersion, maxServerVersion, topologies, serverless, auth } = requirement;
  if (minServerVersion !== undefined && compareVersions(version, minServerVersion) < 0) return false;
  if (maxServerVersion !== undefined && compareVersions(version, maxServerVersion) > 0) return false;
  if (topologies !== undefined && !topologies.includes(topology)) return false;
  return serverless !== 'require' && auth !== true;
}

/** Compares as many parts as the second version has: 7.0.14 is within a maximum of 7.0. */
function compareVersions(a: string, b: string): number {
  const left = a.split('.').map(Number);
  for (const [at, part] of b.split('.').map(Number).entries()) {
    const difference = (left[at] ?? 0) - part;
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Operations of the format that this driver does not have. */
const NOT_IN_DRIVER = new Set(['listCollectionObjects', 'listDatabaseObjects']);

/** The operation this driver lacks, if the test needs one. */
export function missingInDriver({ operations }: UnifiedTest): string | undefined {
  return operations.find(({ name }) => NOT_IN_DRIVER.has(name))?.name;
}

const REFUSED_OPERATIONS: Readonly<Record<string, string>> = {
  startTransaction: 'transactions',
  withTransaction: 'transactions',
  createChangeStream: 'change streams',
  mapReduce: 'server-side JavaScript',
};
const REFUSED_FIELDS: Readonly<Record<string, string>> = {
  $changeStream: 'change streams',
  $where: 'server-side JavaScript',
  $function: 'server-side JavaScript',
  $accumulator: 'server-side JavaScript',
  $text: 'text search',
  $near: 'geo queries',
  $geoNear: 'geo queries',
  $geoWithin: 'geo queries',
  viewOn: 'views',
  capped: 'capped collections',
  timeseries: 'time series',
  clusteredIndex: 'clustered collections',
};

/** What of the refused list a test uses, if anything: the product's documentation names the list. */
export function refusedBy({ content }: TestFile, test: UnifiedTest): string | undefined {
  for (const { name } of test.operations) {
    const reason = Object.hasOwn(REFUSED_OPERATIONS, name) ? REFUSED_OPERATIONS[name] : undefined;
    if (reason !== undefined) return reason;
  }
  const given = [content.initialData ?? [], test.operations.map((operation) => operation.arguments)];
  return refusedField(given);
}

function refusedField(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, inner] of Object.entries(value)) {
    if (Object.hasOwn(REFUSED_FIELDS, name)) return REFUSED_FIELDS[name];
    if (name === 'collation' && localeOf(inner) !== 'simple') return 'collations beyond the simple one';
    const reason = refusedField(inner);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function localeOf(collation: Document | undefined): unknown {
  return collation?.['locale'];
}
