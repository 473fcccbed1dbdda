// One message into Slack by the way that is open: the channel, for one person there, an answer address, or their own.
import type { Place } from '../../src/core/outbox-item.ts';
import type { Fields, SlackApi } from './api.ts';
import { slackWordOf } from './errors.ts';
import { isDirect, readHandle } from './places.ts';
import type { SlackContent } from './render.ts';
import type { AnswerUrls } from './response.ts';

/** Where a message goes. */
export interface Target {
  /** A channel, or a person: then their private channel with the app. */
  readonly channel: string;
  readonly place: Place;
  /** Our own name of the message, which Slack keeps with it. */
  readonly item: string;
}

/** `<channel>/<ts>`; what is shown to one person alone has a name too, but cannot be edited. */
export type Reference = string;

export interface Post {
  /** @throws AppError as the outbox wants it. */
  send(target: Target, content: SlackContent, thread: string | undefined): Promise<Reference>;
  /** Puts this in the place of a message; false when it is not there to be edited any more. */
  edit(reference: Reference, content: SlackContent): Promise<boolean>;
}

/** The app, or the person, is not in that channel: there may be another way. */
const NOT_THERE = new Set([
  'channel_not_found',
  'not_in_channel',
  'user_not_in_channel',
  'is_archived',
  'messages_tab_disabled',
  'restricted_action',
]);
const GONE = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed', 'channel_not_found']);

type Way = (content: SlackContent, thread: string | undefined) => Promise<Reference>;

export function createPost({ api, answerUrls }: { api: SlackApi; answerUrls: AnswerUrls }): Post {
  async function send(target: Target, content: SlackContent, thread: string | undefined): Promise<Reference> {
    const [first, ...others] = waysTo(target);
    let way = first;
    for (;;) {
      try {
        return await way(content, thread);
      } catch (error) {
        const next = others.shift();
        if (!next || !(NOT_THERE.has(slackWordOf(error)) || way !== first)) throw error;
        way = next;
      }
    }
  }

  function waysTo({ channel, place, item }: Target): readonly [Way, ...Way[]] {
    const { onlyFor } = place;
    const { answerUrl } = readHandle(place);
    const inChannel: Way = (content, thread) =>
      post({ ...plainly, ...content, channel, metadata: metadataOf(item), ...threadOf(thread) });
    const forOne: Way = async (content, thread) => {
      const fields = { ...plainly, ...content, channel, user: onlyFor, ...threadOf(thread) };
      const { message_ts: ts } = await api.call('chat.postEphemeral', fields);
      return `${channel}/${String(ts)}`;
    };
    const byAddress: Way[] =
      answerUrl === undefined
        ? []
        : [
            async (content, thread) => {
              await answerUrls.say(answerUrl, { ...content, ...threadOf(thread) });
              return `${channel}/answered`;
            },
          ];
    const privately: Way[] =
      onlyFor === undefined
        ? []
        : [(content) => post({ ...plainly, ...content, channel: onlyFor, metadata: metadataOf(item) })];
    return [onlyFor === undefined || isDirect(channel) ? inChannel : forOne, ...byAddress, ...privately];
  }

  async function post(fields: Fields): Promise<Reference> {
    const { channel, ts } = await api.call('chat.postMessage', fields);
    return `${String(channel)}/${String(ts)}`;
  }

  return {
    send,
    async edit(reference, content) {
      const [channel = '', ts = ''] = reference.split('/');
      try {
        await api.call('chat.update', { ...plainly, ...content, channel, ts });
        return true;
      } catch (error) {
        if (GONE.has(slackWordOf(error))) return false;
        throw error;
      }
    },
  };
}

/** Slack shall fetch nothing and guess nothing of what is written. */
const plainly = { unfurl_links: false, unfurl_media: false, parse: 'none' } as const;

const metadataOf = (item: string) => ({ event_type: 'wardroom_message', event_payload: { item } });

const threadOf = (thread: string | undefined) => (thread === undefined ? {} : { thread_ts: thread });

/** The name of a message within its channel, under which others can stand; none for what one person saw. */
export function threadUnder(reference: Reference | undefined): string | undefined {
  const ts = reference?.split('/')[1];
  return ts !== undefined && /^\d+\.\d+$/.test(ts) ? ts : undefined;
}
