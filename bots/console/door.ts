// The console's door: say something, press a button, follow what was said; pages, the API and the terminal use it.
import type { ChatContent } from '../../models/chat-inbox.ts';
import type { ConsoleMessageRow, ShownButton } from '../../models/console-message.ts';
import type { Principal } from '../../src/core/actor.ts';
import { AppError } from '../../src/core/errors.ts';
import type { Block, Status } from '../../src/core/reply.ts';
import type { RecordCollection, Records } from '../../src/core/store.ts';
import type { Inbox } from '../inbox.ts';
import { CONSOLE, type ConsolePlatform, messageIdOf, OPS_ROOM, personAddress } from './adapter.ts';
import { advance, atTheStart, type Cursor, markOf, readCursor, writeCursor } from './cursor.ts';
import { plainText } from './render.ts';

export interface ConsoleReply {
  /** Plain text as a person would read it. */
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly buttons: readonly ShownButton[];
}

export interface ConsoleMessage extends ConsoleReply {
  readonly id: string;
  readonly at: Date;
  /** Said by the reader, not to the reader. */
  readonly mine: boolean;
  /** Who said it; `Wardroom` for answers and announcements. */
  readonly author: string;
  readonly status: Status | null;
  /** In the room that everybody reads. */
  readonly shared: boolean;
}

export interface ConsolePage {
  readonly messages: readonly ConsoleMessage[];
  /** Hand this in to get what came or changed since. */
  readonly next: string;
}

export interface ConsoleDoor {
  /** @param key the caller's Idempotency-Key: the same again gives the same replies and does nothing twice. */
  say(principal: Principal, text: string, key: string): Promise<ConsoleReply[]>;
  /** @param buttonId as shown beside a message. @param key as for `say`. */
  press(principal: Principal, buttonId: string, key: string): Promise<ConsoleReply[]>;
  /** The newest 50 messages without `after`; else what came or changed since, oldest first, at most 200. */
  messages(principal: Principal, after: string | undefined): Promise<ConsolePage>;
  /** The picture of a message as SVG. @throws AppError `record.not_found` */
  picture(principal: Principal, messageId: string, index: number): Promise<string>;
}

const PAGE = 50;
const MOST_NEW = 200;

export function createConsoleDoor(options: {
  readonly inbox: Pick<Inbox, 'take'>;
  readonly platform: ConsolePlatform;
  readonly messages: RecordCollection<ConsoleMessageRow>;
}): ConsoleDoor {
  const { inbox, platform, messages } = options;

  /**
   * The answer stands in the inbox row and in its outbox item for good. It is shown here under the item's own id,
   * so that whoever asked need not wait for the outbox, and the outbox finds the message in its place.
   */
  async function hear(principal: Principal, content: ChatContent, key: string): Promise<ConsoleReply[]> {
    const { tenant, actor } = principal;
    const address = personAddress(actor.id);
    const room = `${CONSOLE}:${address}`;
    const update = await inbox.take({ platform: CONSOLE, principal, room, content, key });
    const { _id, reply, replyItem } = update;
    if (!reply || !replyItem) throw new Error(`the update ${_id} ended without an answer`);
    const body = { kind: 'reply' as const, reply, inReplyTo: _id };
    await platform.channel.send({ id: replyItem, tenant, address, body });
    const shown = await messages.scoped(tenant).get(messageIdOf(tenant, replyItem));
    return shown ? [replyOf(shown)] : [];
  }

  async function read(principal: Principal, after: string | undefined): Promise<ConsolePage> {
    const records = messages.scoped(principal.tenant);
    const from = after === undefined ? atTheStart : readCursor(after);
    const rows = await (after === undefined ? newest(records, principal) : since(records, principal, from));
    return {
      messages: rows.map((row) => messageOf(row, principal)),
      next: writeCursor(advance(from, rows)),
    };
  }

  async function picture(principal: Principal, messageId: string, index: number): Promise<string> {
    const row = await messages.scoped(principal.tenant).get(messageId);
    const visible = row && addressesOf(principal).includes(row.address);
    const pictures = visible ? row.blocks.filter((block) => block.kind === 'picture') : [];
    const found = pictures[index];
    if (!found) throw new AppError('record.not_found', 'There is no such picture here.');
    return found.svg;
  }

  return {
    say: (principal, text, key) => hear(principal, { kind: 'text', text }, key),
    press: (principal, button, key) => hear(principal, { kind: 'press', button }, key),
    messages: read,
    picture,
  };
}

function addressesOf(principal: Principal): readonly string[] {
  return [personAddress(principal.actor.id), OPS_ROOM];
}

type Rows = Promise<ConsoleMessageRow[]>;

async function newest(records: Records<ConsoleMessageRow>, principal: Principal): Rows {
  const where = { address: { in: addressesOf(principal) } };
  const rows = await records.find({
    where,
    sort: [
      ['at', -1],
      ['inReplyTo', -1],
    ],
    limit: PAGE,
  });
  return rows.reverse();
}

async function since(
  records: Records<ConsoleMessageRow>,
  principal: Principal,
  { from, seen }: Cursor,
): Rows {
  const rows = await records.find({
    where: { address: { in: addressesOf(principal) }, changedAt: { gte: new Date(from) } },
    sort: [
      ['changedAt', 1],
      ['inReplyTo', 1],
    ],
    limit: MOST_NEW + seen.size,
  });
  return rows.filter((row) => !seen.has(markOf(row)));
}

function replyOf(row: ConsoleMessageRow): ConsoleReply {
  return { text: plainText(row), blocks: row.blocks, buttons: row.buttons };
}

function messageOf(row: ConsoleMessageRow, principal: Principal): ConsoleMessage {
  return {
    ...replyOf(row),
    id: row._id,
    at: row.at,
    mine: row.author?.id === principal.actor.id,
    author: row.author?.name ?? 'Wardroom',
    status: row.status,
    shared: row.address === OPS_ROOM,
  };
}
