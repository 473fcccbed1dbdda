// Readers take themselves off marketing by the link in each such mail, and put themselves back by the same link.
import type { Suppression } from '../../../models/suppression.ts';
import type { Actor } from '../../core/actor.ts';
import type { Clock } from '../../core/clock.ts';
import type { Ctx } from '../../core/context.ts';
import { AppError } from '../../core/errors.ts';
import { maskedAddress, normalAddress } from '../../core/mail.ts';
import type { Sealer } from '../../core/sealed-text.ts';
import type { FactCollection } from '../../core/store.ts';
import { createHolds } from './holds.ts';

/** Whoever holds the link is taken for the reader: it went to them alone, and can do nothing else. */
const reader: Actor = { kind: 'stranger', id: 'reader', name: 'The reader of a mail', role: 'viewer' };
const PLACE = 'unsubscribe';
const LONGEST_TOKEN = 1_000;

/** What the link shows: whose it is, and whether they get marketing. */
export interface Subscription {
  readonly address: string;
  readonly subscribed: boolean;
}

export type Unsubscribe = ReturnType<typeof createUnsubscribe>;

export function createUnsubscribe(parts: {
  readonly holds: FactCollection<Suppression>;
  readonly sealer: Sealer;
  readonly publicUrl: () => string;
  readonly clock: Clock;
  readonly zone: string;
}) {
  const { sealer, publicUrl, clock, zone } = parts;
  const holds = createHolds(parts);

  function link(tenant: string, address: string): string {
    const named = JSON.stringify([tenant, normalAddress(address)]);
    return `${publicUrl()}/unsubscribe/${sealer.seal(named, PLACE)}`;
  }

  function opened(token: string): readonly [tenant: string, address: string] {
    try {
      if (token.length > LONGEST_TOKEN) throw new Error('too long');
      const [tenant, address] = JSON.parse(sealer.open(token, PLACE));
      return [String(tenant), String(address)];
    } catch (cause) {
      const text = 'This link names no reader of ours. Copy all of it from the mail.';
      throw new AppError('record.not_found', text, { cause });
    }
  }

  function ctxOf(tenant: string, operation: string, requestId: string): Ctx {
    const call = { operation, requestId, effectKey: requestId, door: 'http', now: clock.now() } as const;
    return { tenant, actor: reader, zone, language: 'en', ...call };
  }

  /** Changes nothing: scanners follow every link of a mail. @throws AppError `record.not_found` */
  async function read(token: string): Promise<Subscription> {
    const [tenant, address] = opened(token);
    const known = await holds.ofAddress(ctxOf(tenant, 'mail.unsubscribe', 'read'), address);
    const subscribed = !known.some(({ holder, active }) => holder === 'reader' && active);
    return { address: maskedAddress(address), subscribed };
  }

  /** Any number of times to the same end. @throws AppError `record.not_found` */
  async function change(token: string, subscribed: boolean, requestId: string): Promise<Subscription> {
    const [tenant, address] = opened(token);
    const ctx = ctxOf(tenant, subscribed ? 'mail.subscribe' : 'mail.unsubscribe', requestId);
    const reason = subscribed ? 'subscribed again' : 'unsubscribed';
    const was = await read(token);
    const news = {
      address,
      holder: 'reader',
      active: !subscribed,
      reason,
      at: ctx.now,
      decided: true,
    } as const;
    if (was.subscribed !== subscribed) await holds.note(ctx, news);
    return { address: maskedAddress(address), subscribed };
  }

  return { link, read, change };
}
