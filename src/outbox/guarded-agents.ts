// Connects only where the rules allow: names are resolved once, every address is judged, and exactly those are used.
import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { AppError } from '../core/errors.ts';
import { hostOf, type OutboundRules } from '../core/outbound-address.ts';
import type { Agents } from './signed-post.ts';

/** Finds the addresses of a host name; the machine's own resolver unless a test hands in another. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

export const systemResolve: Resolve = (host) => lookup(host, { all: true });

/**
 * Agents for one request to that URL. What was judged is what is connected to: a name that leads elsewhere a moment
 * later cannot matter, and no connection is taken from or left to others. One refused address refuses the name.
 * @throws AppError `remote.refused` for an address that is not allowed, `remote.unavailable` for an unknown name.
 */
export async function guardedAgents(url: URL, rules: OutboundRules, resolve: Resolve): Promise<Agents> {
  const host = hostOf(url);
  const addresses =
    isIP(host) === 0 ? await resolved(host, resolve) : [{ address: host, family: isIP(host) }];
  for (const { address } of addresses) {
    const refusal = rules.refusalOf(address, url);
    if (refusal)
      throw new AppError('remote.refused', `${refusal}. The operator can open networks with OUTBOUND_ALLOW.`);
  }
  const options = { keepAlive: false, maxCachedSessions: 0, lookup: pinned(addresses) };
  return { http: new HttpAgent(options), https: new HttpsAgent(options) };
}

async function resolved(host: string, resolve: Resolve): Promise<readonly LookupAddress[]> {
  const unknown = (cause?: unknown): AppError =>
    new AppError('remote.unavailable', `${host} has no address.`, { cause, neverArrived: true });
  const found = await resolve(host).catch((thrown: unknown) => {
    throw unknown(thrown);
  });
  if (found.length === 0) throw unknown();
  return found;
}

function pinned(addresses: readonly LookupAddress[]): LookupFunction {
  return (_host, { all }, callback) => {
    const [first] = addresses;
    if (all) callback(null, [...addresses]);
    else callback(null, first?.address ?? '', first?.family);
  };
}
