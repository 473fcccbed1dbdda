// Answer addresses: Slack hands one out with each command and press, for five answers within half an hour.
import { AppError } from '../../src/core/errors.ts';
import type { Logger } from '../../src/core/logger.ts';
import type { SlackBlock } from './block-kit.ts';
import { escaped } from './mrkdwn.ts';

/** Posts JSON to another system and gives the status it answered; AppError `remote.unavailable` when it did not. */
export type PostJson = (
  url: string,
  body: string,
) => Promise<{ readonly statusCode: number; readonly retryAfter: string | undefined; readonly text: string }>;

export interface AnswerUrls {
  /**
   * Says it to the one person the address belongs to.
   * @throws AppError `remote.refused` when the address is none of Slack's, used up or too old.
   */
  say(
    url: string,
    message: { readonly text: string; readonly blocks?: readonly SlackBlock[]; readonly thread_ts?: string },
  ): Promise<void>;
  /** The same as plain words, once, whatever becomes of it. */
  sayOnce(url: string, words: string): Promise<void>;
}

const HOOKS = 'https://hooks.slack.com';

/** @param apiUrl where the Web API is: a stand-in for Slack hands out addresses of its own. */
export function createAnswerUrls(options: {
  readonly apiUrl: string;
  readonly post: PostJson;
  readonly logger: Logger;
}): AnswerUrls {
  const { apiUrl, post, logger } = options;
  const origins = new Set([HOOKS, new URL(apiUrl).origin]);

  const say: AnswerUrls['say'] = async (url, message) => {
    if (!URL.canParse(url) || !origins.has(new URL(url).origin))
      throw new AppError('remote.refused', 'That is no answer address of Slack.', {
        internal: url.slice(0, 80),
      });
    const body = JSON.stringify({ response_type: 'ephemeral', replace_original: false, ...message });
    const { statusCode, retryAfter, text } = await post(url, body);
    if (statusCode >= 200 && statusCode < 300) return;
    const internal = `response_url answered ${statusCode}: ${text.slice(0, 200)}`;
    if (statusCode === 429)
      throw new AppError('rate.limited', 'Slack asks to wait.', {
        internal,
        retryable: true,
        retryAfterMs: Number(retryAfter ?? 1) * 1_000 || 1_000,
      });
    if (statusCode >= 500)
      throw new AppError('remote.unavailable', `Slack failed (${statusCode}).`, {
        internal,
        retryable: true,
      });
    throw new AppError('remote.refused', 'Slack takes no more answers there.', {
      internal,
      retryable: false,
    });
  };

  return {
    say,
    async sayOnce(url, words) {
      try {
        await say(url, { text: escaped(words) });
      } catch (error) {
        logger.debug({ err: error }, 'a refusal could not be told');
      }
    },
  };
}
