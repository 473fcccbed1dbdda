// A row of the chat inbox through its life: as it is first stored, read, answered or left unanswered.
import type { ChatUpdate } from '../models/chat-inbox.ts';
import { digestOf } from '../src/core/canonical.ts';
import { derivedId } from '../src/core/ids.ts';
import type { OutboxContent } from '../src/core/outbox-item.ts';
import type { Body } from '../src/core/store.ts';
import type { Answer, Incoming, RawUpdate } from './adapter.ts';

type Row = Body<ChatUpdate>;
type Lease = Pick<ChatUpdate, 'worker' | 'leaseUntil'>;

/** What is stored of an update, and under which id; the same update always has the same id. */
export interface Arrival {
  readonly id: string;
  readonly tenant: string;
  readonly digest: string;
  body(lease: Lease): Row;
}

const unanswered = {
  ignored: null,
  status: 'working',
  attempts: 1,
  reply: null,
  replyItem: null,
  forgetAt: null,
} as const;

export function readArrival({ principal, platform, room, content, key }: Incoming): Arrival {
  const digest = digestOf({ room, content });
  return {
    id: derivedId('inb', principal.tenant, platform, principal.actor.id, key),
    tenant: principal.tenant,
    digest,
    body: (lease) => ({
      ...unanswered,
      ...lease,
      platform,
      principal,
      room,
      content,
      digest,
      lane: room,
      body: null,
    }),
  };
}

/** What the platform names is the same update whatever it looks like: one text may arrive as two kinds of event. */
export function rawArrival({ platform, tenant, key, lane, body }: RawUpdate): Arrival {
  return {
    id: derivedId('inb', tenant, platform, key),
    tenant,
    digest: '',
    body: (lease) => ({
      ...unanswered,
      ...lease,
      platform,
      lane,
      body,
      principal: null,
      room: null,
      content: null,
      digest: '',
    }),
  };
}

/** How the work on an update ended. */
export type Ending =
  | { readonly kind: 'answered'; readonly answer: Answer; readonly read: Pick<Row, 'principal' | 'content'> }
  | { readonly kind: 'ignored'; readonly why: string };

/** The last change of a row, and the answer that leaves with it. */
export function ended(
  row: ChatUpdate,
  ending: Ending,
  at: Date,
): { readonly change: Partial<Row>; readonly items: readonly OutboxContent[] } {
  const closed = { status: 'done' as const, leaseUntil: null, forgetAt: at };
  if (ending.kind === 'ignored') return { change: { ...closed, ignored: ending.why }, items: [] };
  const { reply, room, place } = ending.answer;
  const body = {
    kind: 'reply' as const,
    reply,
    inReplyTo: row._id,
    ...(place === undefined ? {} : { place }),
  };
  const replyItem = `${row._id}:${row.version + 1}:0`;
  return {
    change: { ...closed, ...ending.read, room, reply, replyItem },
    items: [{ kind: 'send', destination: room, body }],
  };
}
