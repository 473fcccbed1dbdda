// Who is called and when it is quiet: the policy of a tenant, with what holds while nobody has set one.
import type { AlertPolicy } from '../../../models/alert-policy.ts';
import { changeOnce } from '../../core/change-once.ts';
import type { Ctx } from '../../core/context.ts';
import { AppError } from '../../core/errors.ts';
import { derivedId } from '../../core/ids.ts';
import { traceOf } from '../../core/trace.ts';
import type { Rules } from './group-state.ts';
import type { AlertParts, Callee } from './parts.ts';

/** What a person may set; what is left out stays as it is. */
export interface PolicyWish {
  /** Names or ids in the order of calling. */
  readonly order?: readonly string[];
  /** `22:00-08:00`, or `off`. */
  readonly quiet?: string;
}

const idOf = (tenant: string): string => derivedId('apl', tenant, 'alerts');

export function policyOf(parts: AlertParts, tenant: string): Promise<AlertPolicy | null> {
  return parts.policies.scoped(tenant).get(idOf(tenant));
}

/** Who is called about critical alerts, in order: those the policy names, or everybody who may act. */
export async function calleesIn(parts: AlertParts, tenant: string): Promise<readonly Callee[]> {
  const everybody = await parts.callees(tenant);
  const order = (await policyOf(parts, tenant))?.order ?? [];
  const named = order.flatMap((id) => everybody.filter((callee) => callee.id === id));
  return named.length > 0 ? named : everybody;
}

export async function rulesOf(parts: AlertParts, tenant: string, ranks: number): Promise<Rules> {
  const policy = await policyOf(parts, tenant);
  const quiet = policy?.quietFrom && policy.quietTo ? { from: policy.quietFrom, to: policy.quietTo } : null;
  return { zone: parts.zone, quiet, ranks };
}

/** @throws AppError `input.invalid` for somebody who may not act on alerts, or hours that are none. */
export async function setPolicy(parts: AlertParts, ctx: Ctx, wish: PolicyWish): Promise<AlertPolicy> {
  const change = {
    ...(wish.order === undefined ? {} : { order: await idsOf(parts, ctx, wish.order) }),
    ...(wish.quiet === undefined ? {} : hoursOf(wish.quiet)),
  };
  const id = idOf(ctx.tenant);
  const policies = parts.policies.scoped(ctx.tenant);
  const body = { order: [], quietFrom: null, quietTo: null, ...change };
  const trace = traceOf(ctx, { target: id, after: change });
  const { record, inserted } = await policies.insertOnce(id, body, trace);
  if (inserted) return record;
  return (await changeOnce(policies, id, ctx.effectKey, () => ({ change, trace }))).record;
}

async function idsOf(parts: AlertParts, ctx: Ctx, names: readonly string[]): Promise<readonly string[]> {
  const everybody = await parts.callees(ctx.tenant);
  return names.map((name) => calleeNamed(everybody, name).id);
}

/** Somebody who may act on alerts, by id or name. @throws AppError `input.invalid` naming those who may. */
export function calleeNamed(everybody: readonly Callee[], name: string): Callee {
  const wanted = name.trim().toLowerCase();
  const found = everybody.find(({ id, name: known }) => id === name.trim() || known.toLowerCase() === wanted);
  if (found) return found;
  const known = everybody.map((callee) => callee.name).join(', ') || 'nobody yet';
  throw new AppError('input.invalid', `“${name}” does not look after alerts here; these can: ${known}.`, {
    inHindi: `“${name}” यहाँ चेतावनियाँ नहीं देखते; ये लोग देख सकते हैं: ${known}।`,
  });
}

function hoursOf(quiet: string): Pick<AlertPolicy, 'quietFrom' | 'quietTo'> {
  if (quiet === 'off') return { quietFrom: null, quietTo: null };
  const [, from, to] = /^((?:[01]\d|2[0-3]):[0-5]\d)\s*[-–]\s*((?:[01]\d|2[0-3]):[0-5]\d)$/.exec(quiet) ?? [];
  if (from && to && from !== to) return { quietFrom: from, quietTo: to };
  throw new AppError('input.invalid', `“${quiet}” are no hours; give them like 22:00-08:00, or off.`, {
    inHindi: `“${quiet}” समय नहीं है; ऐसे लिखें: 22:00-08:00, या off।`,
  });
}
