// What the terminal asks of a running server: say, press, follow; a lost connection is tried again under the same key.
import { z } from 'zod';
import type { Clock } from '../../src/core/clock.ts';
import { AppError } from '../../src/core/errors.ts';
import type { Ids } from '../../src/core/ids.ts';
import type { Block } from '../../src/core/reply.ts';

const RETRY_DELAYS_MS = [500, 1_500, 4_000];
const TIMEOUT_MS = 60_000;

const block = z.custom<Block>((value) => typeof value === 'object' && value !== null && 'kind' in value);

const messagesAnswer = z.object({
  messages: z.array(
    z.object({
      id: z.string(),
      mine: z.boolean(),
      author: z.string(),
      shared: z.boolean(),
      status: z.enum(['ok', 'look', 'act']).nullable(),
      blocks: z.array(block),
      buttons: z.array(z.object({ id: z.string(), label: z.string() })),
    }),
  ),
  next: z.string(),
});

const problem = z.object({
  detail: z.string(),
  code: z.string().optional(),
  requestId: z.string().optional(),
});

export type TerminalMessage = z.output<typeof messagesAnswer>['messages'][number];

export interface TerminalClient {
  say(text: string): Promise<void>;
  press(button: string): Promise<void>;
  /** What came since the last call; at first the newest 50. */
  follow(): Promise<readonly TerminalMessage[]>;
}

/**
 * @param baseUrl such as `http://127.0.0.1:3000`. @param token goes into the Authorization header alone.
 * Every method throws an AppError whose public text can be shown.
 */
export function createTerminalClient(options: {
  readonly baseUrl: string;
  readonly token: string;
  readonly clock: Clock;
  readonly ids: Ids;
}): TerminalClient {
  const { baseUrl, token, clock, ids } = options;
  let after = '';

  async function call(path: string, body?: Readonly<Record<string, string>>): Promise<unknown> {
    const headers = {
      authorization: `Bearer ${token}`,
      accept: 'application/json',
      ...(body ? { 'content-type': 'application/json', 'idempotency-key': ids.fresh('req') } : {}),
    };
    const request = { headers, redirect: 'error' as const, ...(body ? posted(body) : {}) };
    for (let tries = 0; ; tries += 1) {
      try {
        return await answerOf(await fetch(new URL(path, baseUrl), { ...request, signal: timeLimit() }));
      } catch (thrown) {
        const delayMs = RETRY_DELAYS_MS[tries];
        if (thrown instanceof AppError) throw thrown;
        if (delayMs === undefined) throw unreachable(baseUrl, thrown);
        await clock.sleep(delayMs);
      }
    }
  }

  return {
    say: async (text) => {
      await call('/api/console/messages', { text });
    },
    press: async (id) => {
      await call('/api/console/press', { id });
    },
    follow: async () => {
      const query = after === '' ? '' : `?after=${encodeURIComponent(after)}`;
      const { messages, next } = messagesAnswer.parse(await call(`/api/console/messages${query}`));
      after = next;
      return messages;
    },
  };
}

const timeLimit = (): AbortSignal => AbortSignal.timeout(TIMEOUT_MS);

function posted(body: Readonly<Record<string, string>>): { method: 'POST'; body: string } {
  return { method: 'POST', body: JSON.stringify(body) };
}

async function answerOf(response: Response): Promise<unknown> {
  const body: unknown = await response.json().catch(() => null);
  if (response.ok) return body;
  const told = problem.safeParse(body);
  const text = told.success ? told.data.detail : `The server answered ${response.status}.`;
  const reference = told.success && told.data.requestId ? ` Reference: ${told.data.requestId}` : '';
  throw new AppError('remote.refused', `${text}${reference}`);
}

function unreachable(baseUrl: string, cause: unknown): AppError {
  const text = `Nothing answers at ${baseUrl}. Start Wardroom with “npm start” and try again.`;
  return new AppError('remote.unavailable', text, { cause });
}
