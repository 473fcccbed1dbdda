// Slack as a channel: answers and announcements as messages, forms in the modal that waits for them, live cards edited.
import type { SlackSend } from '../../models/slack-send.ts';
import type { CardRef, Channel, Outgoing } from '../../src/core/channel.ts';
import type { Clock } from '../../src/core/clock.ts';
import { AppError, toAppError } from '../../src/core/errors.ts';
import { derivedId } from '../../src/core/ids.ts';
import type { Place } from '../../src/core/outbox-item.ts';
import type { Reply } from '../../src/core/reply.ts';
import type { RecordCollection } from '../../src/core/store.ts';
import type { ChatActions } from '../actions.ts';
import { withOpenButtons } from './form-buttons.ts';
import type { Modals } from './modals.ts';
import type { Directory } from './people.ts';
import type { Pictures } from './pictures.ts';
import { channelOf, isChannel, readHandle, SLACK } from './places.ts';
import { type Post, type Reference, type Target, threadUnder } from './post.ts';
import { renderReply, type SlackContent } from './render.ts';

/** About one message a second may go into a channel. Source: docs.slack.dev/apis/web-api/rate-limits. */
const PACE_MS = 1_000;
const MOST_MESSAGES = 4;
/** How long Slack may still look at a file that was just uploaded. */
const FILE_SETTLES_MS = 2_000;

export function createSlackChannel(options: {
  readonly post: Post;
  readonly pictures: Pictures;
  readonly modals: Modals;
  readonly directory: Pick<Directory, 'known' | 'room'>;
  readonly actions: ChatActions;
  readonly sends: RecordCollection<SlackSend>;
  readonly clock: Clock;
  /** Where an answer that was cut can be had whole. */
  readonly readOn: () => string;
}): Channel {
  const { post, pictures, modals, directory, actions, sends, clock, readOn } = options;

  async function send({ id, tenant, address, body, under }: Outgoing): Promise<{ messageId: string }> {
    if (body.kind !== 'reply') throw new AppError('remote.refused', 'Slack takes messages, no events.');
    const message = derivedId('msg', tenant, 'send', id);
    const place = body.place ?? {};
    const target: Target = { channel: channelIn(address), place, item: message };
    if (body.inReplyTo === undefined) await assertOurs(target.channel);
    const shown = await modals.fill({ tenant, message, target, reply: body.reply });
    if (shown !== null) return { messageId: shown };
    const thread = place.thread ?? threadUnder(under);
    const contents = await contentsOf(tenant, message, body.reply, { place, most: MOST_MESSAGES });
    return { messageId: await sendAll(tenant, target, contents, thread) };
  }

  /** One message after the other, each noted before the next; the first one holds the others in its thread. */
  async function sendAll(
    tenant: string,
    target: Target,
    contents: readonly SlackContent[],
    thread: string | undefined,
  ): Promise<Reference> {
    const isOne = contents.length === 1;
    const sent = isOne ? [] : [...((await sends.scoped(tenant).get(target.item))?.sent ?? [])];
    for (const content of contents.slice(sent.length)) {
      if (sent.length > 0) await clock.sleep(PACE_MS);
      sent.push(await post.send(target, content, thread ?? threadUnder(sent[0])).catch(unsettledFile));
      if (!isOne) await note(tenant, target.item, sent);
    }
    return sent[0] ?? '';
  }

  async function note(tenant: string, message: string, sent: readonly Reference[]): Promise<void> {
    const records = sends.scoped(tenant);
    const change = { sent: [...sent], at: clock.now() };
    const { record, inserted } = await records.insertOnce(message, change);
    if (!inserted) await records.compareAndSet(record, change);
  }

  async function showCard(card: CardRef, reply: Reply, messageId: string | null) {
    const { tenant, address, key } = card;
    const message = derivedId('msg', tenant, 'card', address, key);
    const target: Target = { channel: channelIn(address), place: {}, item: message };
    await assertOurs(target.channel);
    const [content] = await contentsOf(tenant, message, reply, { place: {}, most: 1 });
    if (!content) throw new Error('a reply gives one message at least');
    if (messageId !== null && (await post.edit(messageId, content).catch(unsettledFile)))
      return { messageId };
    return { messageId: await post.send(target, content, undefined).catch(unsettledFile) };
  }

  async function contentsOf(
    tenant: string,
    message: string,
    given: Reply,
    { place, most }: { readonly place: Place; readonly most: number },
  ): Promise<readonly SlackContent[]> {
    const reply = withOpenButtons(given);
    const at = clock.now();
    const buttons = await actions.register({ tenant, message, reply, onlyFor: null, at });
    // An answer address shows no files: whoever is told by one reads the words.
    const isByAddress = readHandle(place).answerUrl !== undefined && place.onlyFor !== undefined;
    const files = isByAddress ? [] : await pictures.filesOf(message, reply);
    return renderReply(reply, { buttons, pictures: files, mostMessages: most, readOn: readOn() });
  }

  function channelIn(address: string): string {
    const team = directory.known()?.team;
    const channel = channelOf(address, team);
    if (channel !== null) return channel;
    throw new AppError(
      'remote.refused',
      `“${address}” is no channel of the workspace ${team ?? 'of this app'}.`,
    );
  }

  /** Announcements are the team's alone, also where a channel was shared after it was bound. */
  async function assertOurs(channel: string): Promise<void> {
    if (!isChannel(channel) || !(await directory.room(channel).catch(unasked)).shared) return;
    const problem = `${channel} is shared with another organisation: announcements are not shown there.`;
    throw new AppError('remote.refused', problem);
  }

  return {
    scheme: SLACK,
    paceMs: PACE_MS,
    retryDelaysMs: [1_000, 5_000, 15_000, 60_000, 300_000, 1_800_000, 3_600_000, 7_200_000],
    send,
    showCard,
  };
}

/** Nothing was sent yet when the question about the channel failed. */
function unasked(thrown: unknown): never {
  const { code, publicMessage, retryable, retryAfterMs, message: internal } = toAppError(thrown);
  throw new AppError(code, publicMessage, {
    ...{ cause: thrown, internal, retryable, neverArrived: true },
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** A message with a file that Slack still looks at is refused; it will be taken a moment later. */
function unsettledFile(error: unknown): never {
  if (error instanceof AppError && /invalid_blocks.*slack.?file/i.test(error.message))
    throw new AppError('remote.unavailable', 'Slack still looks at a picture.', {
      cause: error,
      retryable: true,
      retryAfterMs: FILE_SETTLES_MS,
      neverArrived: true,
    });
  throw error;
}
