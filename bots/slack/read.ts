// Reads a stored update: who spoke, whether they may be heard, where the answer belongs, and whether a form opens.
import type { Principal } from '../../src/core/actor.ts';
import type { Logger } from '../../src/core/logger.ts';
import type { Place } from '../../src/core/outbox-item.ts';
import type { Accounts, ChatContent, Recognised, Spot, StoredUpdate } from '../adapter.ts';
import type { SlackApi } from './api.ts';
import { slackWordOf } from './errors.ts';
import type { Heard, Listener } from './heard.ts';
import { shortcutNamed } from './manifest.ts';
import type { Directory, Me, Standing } from './people.ts';
import { handleOf, isDirect, type Places, SLACK } from './places.ts';
import type { AnswerUrls } from './response.ts';
import { loadingView } from './views.ts';
import { lineOfCommand, plainWords, withoutMentionOf } from './words.ts';

/** Forms and titles are asked of the registry before the answer is worked out. */
export interface Forms {
  /** The title of the form that answering would open. */
  formAhead(principal: Principal, content: ChatContent): Promise<string | null>;
}

export interface ReaderParts {
  readonly api: SlackApi;
  readonly listener: Listener;
  readonly directory: Directory;
  readonly accounts: Accounts;
  readonly places: Places;
  readonly answerUrls: AnswerUrls;
  readonly forms: Forms;
  /** The first words and names of verbs: commands of their own. */
  readonly verbNames: () => ReadonlySet<string>;
  readonly logger: Logger;
}

export type Read = Recognised | { readonly ignored: string };

export interface Reader {
  /** Reads once; the same reading is given to whoever asks again within this process. */
  read(stored: StoredUpdate): Promise<Read>;
}

const MOST_HELD = 500;

export function createReader(parts: ReaderParts): Reader {
  const readings = new Map<string, Promise<Read>>();
  return {
    read(stored) {
      const held = readings.get(stored.id);
      if (held !== undefined) return held;
      const reading = readUpdate(parts, stored);
      readings.set(stored.id, reading);
      reading.catch(() => readings.delete(stored.id));
      const [oldest] = readings.size > MOST_HELD ? readings.keys() : [];
      if (oldest !== undefined) readings.delete(oldest);
      return reading;
    },
  };
}

async function readUpdate(parts: ReaderParts, stored: StoredUpdate): Promise<Read> {
  const { listener, directory, answerUrls } = parts;
  const heard = await listener.hear(stored.body);
  if (!heard) return { ignored: 'nothing that is listened to' };
  const me = await directory.me();
  const refused = await refusalOf(parts, heard, me);
  if (refused === null) return recognise(parts, stored, heard, me);
  if (refused.told && heard.answerUrl !== undefined) await answerUrls.sayOnce(heard.answerUrl, refused.told);
  return { ignored: refused.why };
}

interface Refusal {
  readonly why: string;
  /** What the account is told, where it can be told alone. */
  readonly told?: string;
}

const refusals: Readonly<Record<Exclude<Standing, 'member'>, Refusal>> = {
  bot: { why: 'said by a bot' },
  gone: { why: 'said by an account that is closed' },
  guest: {
    why: 'said by a guest of the workspace',
    told: 'Guests of this workspace cannot use Wardroom. Ask somebody on the team to do this for you.',
  },
  foreign: {
    why: 'said from another organisation',
    told: 'Wardroom answers the people of its own workspace alone.',
  },
};

async function refusalOf({ directory }: ReaderParts, heard: Heard, me: Me): Promise<Refusal | null> {
  if (heard.user === me.botUser) return { why: 'said by the app itself' };
  if (heard.team !== me.team) return refusals.foreign;
  const { standing } = await directory.speaker(heard.user);
  return standing === 'member' ? null : refusals[standing];
}

async function recognise(parts: ReaderParts, stored: StoredUpdate, heard: Heard, me: Me): Promise<Read> {
  const { accounts, directory, places } = parts;
  const { tenant } = stored;
  const content = contentOf(parts, heard, me);
  if ('ignored' in content) return content;
  const { name } = await directory.speaker(heard.user);
  const account = { tenant, platform: SLACK, account: `${heard.team}/${heard.user}`, name };
  const principal = await accounts.principalOf(account);
  const room = places.roomOf(heard.team, heard.channel);
  const isShared = heard.kind === 'said' && heard.shared;
  const isOpen = !isShared && (await places.isOpen(tenant, heard.team, heard.channel));
  const { hasForms, view } = await openAhead(parts, stored, heard, { principal, content });
  const here: Place = { ...placeOf(heard), ...handleOf({ view }) };
  const handle = handleOf({ view, answerUrl: heard.answerUrl });
  const aside: Spot = { room, place: { ...here, onlyFor: heard.user, ...handle } };
  const isPrivate = isDirect(heard.channel) || !isOpen;
  return {
    ...(isPrivate ? aside : { room, place: here, aside }),
    principal,
    content,
    ...(hasForms ? { form: aside } : {}),
  };
}

function contentOf(
  { verbNames }: ReaderParts,
  heard: Heard,
  me: Me,
): ChatContent | { readonly ignored: string } {
  switch (heard.kind) {
    case 'said':
      return { kind: 'text', text: plainWords(withoutMentionOf(me.botUser, heard.text)) };
    case 'command':
      return { kind: 'text', text: lineOfCommand(heard.command, heard.text, verbNames()) };
    case 'pressed':
      return { kind: 'press', button: heard.button };
    case 'sent':
      return { kind: 'submit', form: heard.form, values: heard.values };
    case 'shortcut': {
      const shortcut = shortcutNamed(heard.callback);
      if (!shortcut) return { ignored: `an unknown shortcut “${heard.callback}”` };
      const words = plainWords(heard.text).replace(/\s+/g, ' ').trim().slice(0, shortcut.most);
      return { kind: 'call', operation: shortcut.operation, input: words ? { [shortcut.field]: words } : {} };
    }
  }
}

/** A mention in a channel is answered in its thread, where it does not get into anybody's way. */
function placeOf(heard: Heard): Place {
  const isMention = heard.kind === 'said' && !isDirect(heard.channel);
  const thread = heard.thread ?? (isMention ? heard.ts : undefined);
  return thread === undefined ? {} : { thread };
}

interface Ahead {
  /** Without a trigger questions are asked one by one. */
  readonly hasForms: boolean;
  /** The view that may stand open now, and waits for the answer. */
  readonly view?: string;
}

/**
 * Opens an empty form while the trigger lives, where answering will want one. Whether it stands there is known only
 * when it is filled: a trigger may have passed after it opened one, and an opening may have gone through unheard.
 */
async function openAhead(
  { api, forms, logger }: ReaderParts,
  { id }: StoredUpdate,
  { trigger }: Heard,
  { principal, content }: Pick<Recognised, 'principal' | 'content'>,
): Promise<Ahead> {
  if (trigger === undefined || content.kind === 'submit') return { hasForms: false };
  const title = await forms.formAhead(principal, content);
  if (title === null) return { hasForms: true };
  try {
    await api.call('views.open', { trigger_id: trigger, view: loadingView(id, title) });
  } catch (error) {
    logger.debug({ update: id, word: slackWordOf(error) }, 'a form was not opened, or not now');
  }
  return { hasForms: true, view: id };
}
