// What comes from Slack, proved and taken apart: stored before it is acknowledged, or answered in the request itself.
import { z } from 'zod';
import type { Principal } from '../../src/core/actor.ts';
import type { Breather } from '../../src/core/breather.ts';
import type { FieldProblem } from '../../src/core/errors.ts';
import type { Logger } from '../../src/core/logger.ts';
import type { Accounts, RawUpdate, Spot, StoredUpdate } from '../adapter.ts';
import type { Inbox } from '../inbox.ts';
import { saidIn, sentIn, type Values } from './heard.ts';
import type { Directory } from './people.ts';
import { isDirect, type Places, SLACK } from './places.ts';
import type { Reader } from './read.ts';
import { viewBody } from './shapes.ts';
import { errorsOf, optionsFor } from './views.ts';

/** What the registry and the conversations are asked while Slack waits for the acknowledgement. */
export interface Questions {
  /** What is wrong with a form as it was filled in. */
  formProblems(principal: Principal, form: string, values: Values): Promise<readonly FieldProblem[]>;
  /** What may be chosen in a field of a form. */
  choicesOf(principal: Principal, form: string, field: string): Promise<readonly string[]>;
  /** Whether this person was asked something there that a line may answer. */
  isAsked(principal: Principal, spot: Spot): Promise<boolean>;
}

export interface Intake {
  /**
   * Takes what Slack sent; resolves once it would survive, with the body of the acknowledgement, if any.
   * @throws AppError when it could not be stored: Slack then sends events again, and says so to people.
   */
  take(body: unknown): Promise<unknown>;
}

const kinds = z.looseObject({
  type: z.string().optional(),
  ssl_check: z.string().optional(),
  challenge: z.string().optional(),
});
const told = z.looseObject({
  team_id: z.string(),
  event_id: z.string(),
  event: z.looseObject({ type: z.string(), channel: z.string().optional(), ts: z.string().optional() }),
});
const command = z.looseObject({
  command: z.string(),
  trigger_id: z.string(),
  team_id: z.string(),
  channel_id: z.string(),
});
const acted = z.looseObject({
  trigger_id: z.string(),
  user: z.looseObject({ id: z.string() }),
  channel: z.looseObject({ id: z.string() }).nullish(),
  container: z.looseObject({ channel_id: z.string().optional() }).nullish(),
});
const suggestion = z.looseObject({
  user: z.looseObject({ id: z.string(), team_id: z.string().optional(), name: z.string().optional() }),
  team: z.looseObject({ id: z.string() }).nullish(),
  block_id: z.string(),
  value: z.string(),
  view: z.looseObject({ private_metadata: z.string() }),
});
const submitted = z.looseObject({ view: z.looseObject({ id: z.string(), hash: z.string().optional() }) });

export function createIntake(options: {
  readonly inbox: Pick<Inbox, 'receive'>;
  readonly reader: Reader;
  readonly accounts: Accounts;
  readonly directory: Pick<Directory, 'known'>;
  readonly places: Pick<Places, 'roomOf'>;
  readonly questions: Questions;
  readonly tenant: string;
  /** Holds work back while the process does not keep up with what comes in. */
  readonly breathe: Breather;
  readonly now: () => Date;
  readonly logger: Logger;
}): Intake {
  const { inbox, reader, accounts, directory, places, questions, tenant, breathe, now, logger } = options;

  async function take(body: unknown): Promise<unknown> {
    const kind = kinds.safeParse(body).data;
    if (!kind || kind.ssl_check !== undefined) return undefined;
    switch (kind.type) {
      case 'url_verification':
        return { challenge: kind.challenge ?? '' };
      case 'event_callback':
        return takeEvent(body);
      case 'view_submission':
        return takeSubmission(body);
      case 'block_suggestion':
        return suggest(body);
      case 'block_actions':
      case 'shortcut':
      case 'message_action':
        return takeAction(body);
      case undefined:
        return takeCommand(body);
      default:
        return undefined;
    }
  }

  async function takeEvent(body: unknown): Promise<undefined> {
    const read = told.safeParse(body).data;
    if (!read) return undefined;
    const { team_id: team, event_id: id, event } = read;
    if (event.type === 'tokens_revoked' || event.type === 'app_uninstalled')
      logger.error({ event: event.type }, 'Slack has shut this app out: install it again');
    if (!(await isForUs(body))) return undefined;
    const key = event.ts === undefined ? id : `${team}:${event.channel ?? ''}:${event.ts}`;
    await store(key, event.channel ?? 'none', body);
  }

  /** What people say to each other is theirs: it is neither answered nor kept. */
  async function isForUs(body: unknown): Promise<boolean> {
    const heard = saidIn(body);
    if (heard?.kind !== 'said') return false;
    const { user, team, channel, thread, text } = heard;
    const me = directory.known();
    if (user === me?.botUser) return false;
    const isMention = me ? text.includes(`<@${me.botUser}>`) : text.includes('<@');
    if (isDirect(channel) || isMention || told.safeParse(body).data?.event.type === 'app_mention')
      return true;
    if (thread === undefined) return false;
    const principal = await principalOf(team, user, '');
    return questions.isAsked(principal, { room: places.roomOf(team, channel), place: { thread } });
  }

  async function takeCommand(body: unknown): Promise<undefined> {
    const read = command.safeParse(body).data;
    if (read) await storeAndOpen(read.trigger_id, read.channel_id, body);
  }

  async function takeAction(body: unknown): Promise<undefined> {
    const read = acted.safeParse(body).data;
    if (!read) return undefined;
    const channel = read.channel?.id ?? read.container?.channel_id ?? read.user.id;
    await storeAndOpen(read.trigger_id, channel, body);
  }

  /** An update with a trigger is read ahead of its turn: the form it may want has three seconds to be opened. */
  async function storeAndOpen(key: string, channel: string, body: unknown): Promise<void> {
    const stored = await store(key, channel, body);
    if (!stored) return;
    void breathe()
      .then(() => reader.read(stored))
      .catch((error: unknown) => {
        logger.debug({ err: error, update: stored.id }, 'an update could not be read ahead');
      });
  }

  async function takeSubmission(body: unknown): Promise<unknown> {
    const heard = sentIn(body);
    const read = submitted.safeParse(body).data;
    if (heard?.kind !== 'sent' || !read) return undefined;
    const { team, user, name = '', form, values, channel } = heard;
    const principal = await principalOf(team, user, name);
    const problems = await questions.formProblems(principal, form, values);
    if (problems.length > 0)
      return { response_action: 'errors', errors: errorsOf(problems, Object.keys(values)) };
    await store(`${read.view.id}:${read.view.hash ?? ''}`, channel, body);
    return undefined;
  }

  async function suggest(body: unknown): Promise<unknown> {
    const read = suggestion.safeParse(body).data;
    const memory =
      read && viewBody.shape.view.shape.private_metadata.safeParse(read.view.private_metadata).data;
    const form = memory === undefined ? null : formIn(memory);
    const team = read?.user.team_id ?? read?.team?.id;
    if (!read || form === null || team === undefined) return { options: [] };
    const principal = await principalOf(team, read.user.id, read.user.name ?? '');
    const choices = await questions.choicesOf(principal, form, read.block_id);
    return { options: optionsFor(choices, read.value) };
  }

  async function store(key: string, channel: string, body: unknown): Promise<StoredUpdate | null> {
    const kept = withoutToken(body);
    const raw: RawUpdate = { platform: SLACK, tenant, key, lane: `${SLACK}:${channel}`, body: kept };
    const { id, repeated } = await inbox.receive(raw);
    return repeated ? null : { id, tenant, body: kept, receivedAt: now() };
  }

  function principalOf(team: string, user: string, name: string): Promise<Principal> {
    return accounts.principalOf({ tenant, platform: SLACK, account: `${team}/${user}`, name });
  }

  return { take };
}

const remembered = z.looseObject({ form: z.string() });

function formIn(text: string): string | null {
  try {
    return remembered.safeParse(JSON.parse(text)).data?.form ?? null;
  } catch {
    return null;
  }
}

/** Slack's old proof of itself, which is nobody's to keep: the signature took its place. */
function withoutToken(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return body;
  return Object.fromEntries(Object.entries(body).filter(([name]) => name !== 'token'));
}
