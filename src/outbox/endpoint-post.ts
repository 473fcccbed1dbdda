// One delivery to an endpoint of any kind: its body, its signature, and what the answer of that kind means.
import type { EndpointKind } from '../../models/webhook-subscription.ts';
import { AppError } from '../core/errors.ts';
import type { SendBody } from '../core/outbox-item.ts';
import { endpointBody } from './endpoint-body.ts';
import { type Agents, type Answer, postSigned, refusalOf } from './signed-post.ts';
import { signatureHeaders } from './webhook-signature.ts';

const SHORTEST_TOKEN = 6;

/**
 * How long a place rests after a message that it took. Sources: docs.slack.dev “Rate limits” (one a second),
 * docs.discord.com “Rate limits” (5 in 2 seconds), learn.microsoft.com on Teams connectors (4 a second).
 */
export const restMsOf: Readonly<Record<EndpointKind, number>> = {
  standard: 0,
  n8n: 0,
  slack: 1_000,
  discord: 400,
  teams: 250,
};

/** Chat platforms say by these that no retry of this message will do; of programs any answer may pass. */
const REFUSED_BY_CHAT = [400, 401, 403, 404, 413, 422];
/** There is no such address any more: programs say so by 410 alone, chat platforms by 404 as well. */
const isGone = (kind: EndpointKind, status: number): boolean =>
  status === 410 || (status === 404 && isChat(kind));

const isChat = (kind: EndpointKind): boolean => kind === 'slack' || kind === 'discord' || kind === 'teams';

/** The address answered that it is gone for good. */
export class GoneError extends AppError {
  constructor({ publicMessage, cause }: AppError) {
    super('remote.refused', publicMessage, { cause, retryable: false });
  }
}

/**
 * Posts once. Chat platforms get no signature: they could not check one.
 * @throws AppError as a channel does; GoneError when nothing more shall be sent there.
 */
export async function postToEndpoint(options: {
  readonly kind: EndpointKind;
  readonly url: URL;
  /** Those that sign, the current one first. */
  readonly secrets: readonly string[];
  readonly id: string;
  readonly at: Date;
  readonly tenant: string;
  readonly body: SendBody;
  readonly timeoutMs: number;
  readonly agents?: Agents;
}): Promise<void> {
  const { kind, url, id, at, tenant, timeoutMs, agents } = options;
  const secrets = isChat(kind) ? [] : options.secrets;
  const body = endpointBody(kind, options.body, tenant);
  const headers = secrets.length > 0 ? signatureHeaders({ id, at, body, secrets }) : {};
  const posted = { url: url.href, body, headers, timeoutMs, ...(agents ? { agents } : {}) };
  const answer = meant(kind, await postSigned(posted));
  if (answer.statusCode >= 200 && answer.statusCode < 300) return;
  const refusal = refusalOf(answer, { url: url.href, secrets: [...secrets, ...tokensOf(url)], now: at });
  if (isGone(kind, answer.statusCode)) throw new GoneError(refusal);
  if (!isChat(kind) || !REFUSED_BY_CHAT.includes(answer.statusCode)) throw refusal;
  throw new AppError('remote.refused', refusal.publicMessage, { cause: refusal, retryable: false });
}

/**
 * The answer as it is meant. Teams' connectors answer 200 and write the failure into the body; Discord names the
 * time to wait, with fractions, in its body. Sources: learn.microsoft.com, “Rate limiting for connectors”;
 * docs.discord.com, “Rate limits”.
 */
function meant(kind: EndpointKind, answer: Answer): Answer {
  if (kind === 'teams' && answer.statusCode < 300) {
    const [, status] = /returned HTTP error (\d{3})/.exec(answer.text) ?? [];
    return status === undefined ? answer : { ...answer, statusCode: Number(status) };
  }
  if (kind === 'discord' && answer.statusCode === 429) {
    const [, seconds] = /"retry_after"\s*:\s*(\d+(?:\.\d+)?)/.exec(answer.text) ?? [];
    return seconds === undefined ? answer : { ...answer, retryAfter: String(Math.ceil(Number(seconds))) };
  }
  return answer;
}

/** What of an address may be a token: chat platforms put theirs into the path. */
function tokensOf({ href, pathname, search, searchParams }: URL): readonly string[] {
  const parts = [href, pathname + search, pathname, ...pathname.split('/'), ...searchParams.values()];
  return parts.filter((part) => part.length >= SHORTEST_TOKEN);
}
