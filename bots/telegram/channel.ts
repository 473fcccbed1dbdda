// Telegram as a channel: answers and announcements as messages of a chat, live cards edited in place.
import type { TelegramSend } from '../../models/telegram-send.ts';
import type { CardRef, Channel, Outgoing } from '../../src/core/channel.ts';
import type { Clock } from '../../src/core/clock.ts';
import { AppError } from '../../src/core/errors.ts';
import { derivedId } from '../../src/core/ids.ts';
import type { Reply } from '../../src/core/reply.ts';
import type { RecordCollection } from '../../src/core/store.ts';
import type { ChatActions } from '../actions.ts';
import { isGroup, TELEGRAM } from './chats.ts';
import { type Standing, standingOf } from './place.ts';
import { numberOf, type Post, type Target } from './post.ts';
import { type Payload, renderReply } from './render.ts';

const PRIVATE_PACE_MS = 1_000;
/** Twenty a minute. */
const GROUP_PACE_MS = 3_000;
/** Between the messages of one answer, which may come in a short burst. */
const PART_GAP_MS = 1_000;

export function createTelegramChannel(options: {
  readonly botId: string;
  readonly post: Post;
  readonly actions: ChatActions;
  readonly sends: RecordCollection<TelegramSend>;
  readonly clock: Clock;
}): Channel {
  const { botId, post, actions, sends, clock } = options;

  async function send({ id, tenant, address, body, under }: Outgoing): Promise<{ messageId: string }> {
    if (body.kind !== 'reply') throw new AppError('remote.refused', 'Telegram takes messages, no events.');
    const target = targetOf(tenant, address);
    const message = derivedId('msg', tenant, 'send', id);
    const payloads = await payloadsOf(tenant, message, body.reply);
    const place = standingOf(body.place);
    const standing = under === undefined ? place : { ...place, message: numberOf(under) };
    const progress = payloads.length > 1 ? await sentOf(tenant, message) : [];
    const sent = await sendFrom(target, payloads, { from: progress, standing, message });
    return { messageId: sent.join(',') };
  }

  async function showCard(card: CardRef, reply: Reply, messageId: string | null) {
    const { tenant, address, key } = card;
    const target = targetOf(tenant, address);
    const message = derivedId('msg', tenant, 'card', address, key);
    const payloads = await payloadsOf(tenant, message, reply);
    const noted = await sentOf(tenant, message);
    // What was noted is the newer one: it is written before the outbox hears of a message.
    const shown = noted.length > 0 ? noted : (messageId ?? '').split(',').filter((one) => one !== '');
    const kept = await editAll(target, payloads, shown);
    const left = shown.filter((reference) => !kept.includes(reference));
    const sent = await sendFrom(target, payloads, { from: kept, standing: {}, message, isCard: true });
    for (const reference of left) await post.remove(target, reference);
    return { messageId: sent.join(',') };
  }

  /** Edits what stands there, in order, until one is gone or must be of another kind. */
  async function editAll(target: Target, payloads: readonly Payload[], shown: readonly string[]) {
    const kept: string[] = [];
    for (const [place, reference] of shown.entries()) {
      const payload = payloads[place];
      if (!payload) break;
      if (place > 0) await clock.sleep(PART_GAP_MS);
      if (!(await post.edit(target, reference, payload))) break;
      kept.push(reference);
    }
    return kept;
  }

  interface Progress {
    /** What stands there already. */
    readonly from: readonly string[];
    readonly standing: Standing;
    readonly message: string;
    readonly isCard?: boolean;
  }

  /** Sends what is not sent yet, one message after the other, and notes each before the next. */
  async function sendFrom(target: Target, payloads: readonly Payload[], progress: Progress) {
    const { standing, message, isCard = false } = progress;
    const sent = [...progress.from];
    for (const payload of payloads.slice(sent.length)) {
      if (sent.length > 0) await clock.sleep(PART_GAP_MS);
      const { topic } = standing;
      const at = sent.length === 0 ? standing : topic === undefined ? {} : { topic };
      sent.push(await post.send(target, payload, at));
      if (isCard || sent.length < payloads.length) await note(target.tenant, message, sent);
    }
    return sent;
  }

  async function sentOf(tenant: string, message: string): Promise<readonly string[]> {
    return (await sends.scoped(tenant).get(message))?.sent ?? [];
  }

  async function note(tenant: string, message: string, sent: readonly string[]): Promise<void> {
    const records = sends.scoped(tenant);
    const change = { sent: [...sent], at: clock.now() };
    for (;;) {
      const { record, inserted } = await records.insertOnce(message, change);
      if (inserted || (await records.compareAndSet(record, change))) return;
    }
  }

  async function payloadsOf(tenant: string, message: string, reply: Reply): Promise<readonly Payload[]> {
    const at = clock.now();
    const shown = await actions.register({ tenant, message, reply, onlyFor: null, at });
    return renderReply(reply, shown);
  }

  function targetOf(tenant: string, address: string): Target {
    if (address.startsWith(`${botId}/`)) return { tenant, address };
    throw new AppError('remote.refused', `“${address}” is a chat of another bot; this one is ${botId}.`);
  }

  return {
    scheme: TELEGRAM,
    paceMs: (address) => (isGroup(address.slice(address.indexOf('/') + 1)) ? GROUP_PACE_MS : PRIVATE_PACE_MS),
    retryDelaysMs: [1_000, 5_000, 15_000, 60_000, 300_000, 1_800_000, 3_600_000, 7_200_000],
    send,
    showCard,
  };
}
