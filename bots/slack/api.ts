// Slack's Web API as a port: one try a call, within a time limit; the outbox decides what is tried again and when.
import { LogLevel, webApi } from '@slack/bolt';
import type { Logger } from '../../src/core/logger.ts';
import { slackError } from './errors.ts';

/** Shorter than the outbox waits for one send, so that no call outlives the lease under which it was made. */
const CALL_TIMEOUT_MS = 10_000;

export type Fields = Readonly<Record<string, unknown>>;

export interface SlackApi {
  /** @throws AppError as in `slackError`. */
  call(method: string, fields?: Fields): Promise<Fields>;
  /** Uploads a file in three calls and gives its id; nobody sees it before a message shows it. */
  upload(file: { readonly name: string; readonly alt: string; readonly bytes: Buffer }): Promise<string>;
}

export interface SlackApiOptions {
  readonly token: string;
  /** Where the Web API is, such as `https://slack.com/api/`. */
  readonly url: string;
  readonly logger: Logger;
}

/** What Slack's own parts are made with: no queue that one limited channel could stop, and no tries of their own. */
export function clientOptions({ url, logger }: Pick<SlackApiOptions, 'url' | 'logger'>) {
  return {
    slackApiUrl: url.endsWith('/') ? url : `${url}/`,
    rejectRateLimitedCalls: true,
    retryConfig: { retries: 0 },
    timeout: CALL_TIMEOUT_MS,
    logger: slackLogger(logger),
  };
}

export function createSlackApi(options: SlackApiOptions): SlackApi {
  const client = new webApi.WebClient(options.token, clientOptions(options));
  return {
    async call(method, fields = {}) {
      try {
        return { ...(await client.apiCall(method, { ...fields })) };
      } catch (thrown) {
        throw slackError(thrown, method);
      }
    },
    async upload({ name, alt, bytes }) {
      try {
        const { files } = await client.filesUploadV2({ file: bytes, filename: name, alt_text: alt });
        const id = files[0]?.files?.[0]?.id;
        if (id === undefined) throw new Error('the upload gave no file');
        return id;
      } catch (thrown) {
        throw slackError(thrown, 'files.uploadV2');
      }
    },
  };
}

/** The log of Slack's own parts; their chatter, which quotes whole bodies, is left out. */
export function slackLogger(logger: Logger) {
  const quiet = (): void => undefined;
  const say = (...parts: unknown[]): void => logger.debug({ slack: parts.map(String).join(' ') }, 'slack');
  return {
    debug: quiet,
    info: quiet,
    warn: say,
    error: say,
    setLevel: quiet,
    setName: quiet,
    getLevel: () => LogLevel.WARN,
  };
}
