// The console as a platform: a channel that puts messages into its rooms once, and shows what people said there.
import type { ConsoleMessageRow, ShownButton } from '../../models/console-message.ts';
import type { Channel, Outgoing } from '../../src/core/channel.ts';
import type { Clock } from '../../src/core/clock.ts';
import { AppError } from '../../src/core/errors.ts';
import { derivedId } from '../../src/core/ids.ts';
import { type Reply, text } from '../../src/core/reply.ts';
import type { RecordCollection } from '../../src/core/store.ts';
import type { ChatActions } from '../actions.ts';
import type { Adapter, Update } from '../adapter.ts';
import { phrases } from '../phrases.ts';

export const CONSOLE = 'console';

/** The room that announcements go to: everybody on the team reads it. */
export const OPS_ROOM = 'room:ops';

export interface ConsolePlatform extends Adapter {
  readonly channel: Channel;
}

/** The id of the message that an outbox item becomes: sending it again meets the same one. */
export function messageIdOf(tenant: string, outgoingId: string): string {
  return derivedId('msg', tenant, 'send', outgoingId);
}

/** Where answers to this person go. */
export function personAddress(actorId: string): string {
  return `person:${actorId}`;
}

export function createConsolePlatform(options: {
  readonly messages: RecordCollection<ConsoleMessageRow>;
  readonly actions: ChatActions;
  readonly clock: Clock;
}): ConsolePlatform {
  const { messages, actions, clock } = options;

  async function noticed(update: Update): Promise<void> {
    const { principal, id, receivedAt } = update;
    const { tenant, actor } = principal;
    const body = {
      ...emptyMessage(personAddress(actor.id), receivedAt),
      author: { id: actor.id, name: actor.name },
      blocks: [text(await said(update))],
    };
    await messages.scoped(tenant).insertOnce(derivedId('msg', tenant, 'said', id), body);
  }

  async function said({ principal, content }: Update): Promise<string> {
    const say = phrases[principal.language];
    switch (content.kind) {
      case 'text':
        return content.text;
      case 'press':
        return say.pressed((await actions.seen(principal, content.button))?.label ?? '–');
      case 'submit':
        return say.sent((await actions.seen(principal, content.form))?.label ?? '–');
      case 'call':
        return say.pressed(content.operation.replace('.', ' '));
    }
  }

  async function send({ id, tenant, address, body }: Outgoing): Promise<{ messageId: string }> {
    checkAddress(address);
    if (body.kind !== 'reply')
      throw new AppError('remote.refused', 'The console shows messages, it takes no events.');
    const messageId = messageIdOf(tenant, id);
    const { inReplyTo } = body;
    const shown = {
      ...emptyMessage(address, clock.now()),
      ...(await contentOf(tenant, messageId, address, body.reply)),
      inReplyTo: inReplyTo === undefined ? null : derivedId('msg', tenant, 'said', inReplyTo),
    };
    await messages.scoped(tenant).insertOnce(messageId, shown);
    return { messageId };
  }

  const showCard: Channel['showCard'] = async (card, reply) => {
    const { tenant, address, key, revision } = card;
    checkAddress(address);
    const messageId = derivedId('msg', tenant, 'card', address, key);
    const changedAt = clock.now();
    const content = { ...(await contentOf(tenant, messageId, address, reply)), revision, changedAt };
    const records = messages.scoped(tenant);
    for (;;) {
      const body = { ...emptyMessage(address, changedAt), ...content };
      const { record, inserted } = await records.insertOnce(messageId, body);
      if (inserted || record.revision >= revision) return { messageId };
      if (await records.compareAndSet(record, content)) return { messageId };
    }
  };

  async function contentOf(
    tenant: string,
    message: string,
    address: string,
    reply: Reply,
  ): Promise<Pick<Message, 'status' | 'blocks' | 'buttons'>> {
    const onlyFor = address.startsWith('person:') ? address.slice('person:'.length) : null;
    const buttons: readonly ShownButton[] = await actions.register({
      tenant,
      message,
      reply,
      onlyFor,
      at: clock.now(),
    });
    const blocks = reply.blocks.filter((block) => block.kind !== 'buttons');
    return { status: reply.status ?? null, blocks, buttons };
  }

  const channel: Channel = {
    scheme: CONSOLE,
    paceMs: 0,
    retryDelaysMs: [250, 1_000, 5_000, 30_000, 120_000],
    send,
    showCard,
  };
  return { platform: CONSOLE, door: 'console', noticed, channel };
}

function checkAddress(address: string): void {
  if (address === OPS_ROOM || /^person:.+/.test(address)) return;
  const problem = `The console has no room “${address}”; it has ${OPS_ROOM} and person:<id>.`;
  throw new AppError('remote.refused', problem);
}

type Message = Omit<ConsoleMessageRow, '_id' | 'tenant' | 'version'>;

function emptyMessage(address: string, at: Date): Message {
  return {
    address,
    author: null,
    status: null,
    blocks: [],
    buttons: [],
    inReplyTo: null,
    revision: 1,
    at,
    changedAt: at,
  };
}
