// The second wall between tenants: every mongoose call without the tenant of the work in hand throws.
import type { Model, mongo, Query, Schema } from 'mongoose';
import { currentScope } from '../src/core/tenant.ts';
import type { Row } from './documents.ts';
import { scopeFault } from './tenant-guard.ts';

type RowQuery = Query<unknown, Row>;
type Filter = Readonly<Record<string, unknown>>;

const READS = ['find', 'findOne', 'countDocuments'] as const;
const CHANGES = ['findOneAndUpdate', 'updateMany', 'updateOne'] as const;
/** What the repositories have no use for; several of these would pass by a filter on the tenant. */
const REFUSED_QUERIES = [
  'deleteMany',
  'deleteOne',
  'distinct',
  'estimatedDocumentCount',
  'findOneAndDelete',
  'findOneAndReplace',
  'replaceOne',
] as const;
const REFUSED_STATICS = ['watch', 'hydrate', 'bulkSave', 'mapReduce'] as const;

/**
 * Holds every call on the model to the scope in hand. Reads and changes get its tenant, or throw when they name
 * another; inserts and bulk updates must carry it; a read over all tenants needs a system scope; nothing else passes.
 */
export function tenantPlugin(schema: Schema<Row>): void {
  schema.pre([...READS], { query: true, document: false }, function (this: RowQuery) {
    const tenant = scopedTenant();
    if (tenant !== undefined) this.setQuery(scoped(this.getQuery(), tenant));
  });
  schema.pre([...CHANGES], { query: true, document: false }, function (this: RowQuery) {
    const tenant = writingTenant();
    this.setQuery(scoped(this.getQuery(), tenant));
    refuseTenantIn(this.getUpdate());
  });
  schema.pre([...REFUSED_QUERIES], { query: true, document: false }, refuse);
  schema.pre('save', refuse);
  schema.pre('aggregate', refuse);
  schema.pre('insertMany', (docs: unknown) => {
    const tenant = writingTenant();
    for (const doc of Array.isArray(docs) ? docs : [docs]) mustHold((doc as Filter)['tenant'], tenant);
  });
  schema.pre('bulkWrite', (operations: readonly unknown[]) => {
    const tenant = writingTenant();
    for (const operation of operations) checkBulk(operation, tenant);
  });
  for (const name of REFUSED_STATICS) schema.static(name, refuse);
}

/**
 * Inserts one row by the driver's own command: mongoose would send it as a bulk write, at nearly twice the work. It
 * passes no hook, so the wall stands here.
 * @throws AppError `internal.bug` when the row is not the scope's, and whatever the driver throws.
 */
export function insertRow(model: Model<Row>, row: Row): Promise<unknown> {
  mustHold(row.tenant, writingTenant());
  const collection = model.collection as unknown as mongo.Collection<Row>;
  return collection.insertOne(row);
}

/** The tenant that a read is for; undefined when a system reason looks across all of them. */
function scopedTenant(): string | undefined {
  const scope = currentScope();
  if (!scope) throw scopeFault('a query ran outside every tenant');
  return 'tenant' in scope ? scope.tenant : undefined;
}

function writingTenant(): string {
  const tenant = scopedTenant();
  if (tenant === undefined) throw scopeFault('a write ran outside a tenant');
  return tenant;
}

function scoped(filter: Filter, tenant: string): Filter {
  if (Object.hasOwn(filter, 'tenant')) mustHold(filter['tenant'], tenant);
  return { ...filter, tenant };
}

function mustHold(given: unknown, tenant: string): void {
  if (given !== tenant) throw scopeFault(`work for tenant ${tenant} reached for ${JSON.stringify(given)}`);
}

/** Nothing in an update may touch the tenant: neither set it, nor take it away, nor rename into it. */
function refuseTenantIn(update: unknown): void {
  if (typeof update !== 'object' || update === null || Array.isArray(update))
    throw scopeFault('an update is neither missing nor a pipeline');
  for (const [operator, fields] of Object.entries(update)) {
    const targets = operator === '$rename' ? Object.values(fields).map(String) : [];
    const paths = [operator, ...Object.keys(fields), ...targets];
    if (paths.some((path) => path === 'tenant' || path.startsWith('tenant.')))
      throw scopeFault('an update touches the tenant');
  }
}

function checkBulk(operation: unknown, tenant: string): void {
  const { updateOne, ...others } = operation as { updateOne?: { filter: Filter; update: unknown } };
  if (!updateOne || Object.keys(others).length > 0) throw scopeFault('a bulk write may only update');
  mustHold(updateOne.filter['tenant'], tenant);
  refuseTenantIn(updateOne.update);
}

function refuse(): never {
  throw scopeFault('this way to the database is not open');
}
