// The door for Slack's requests: proved by their signature before anything of them is read.
import type { Clock } from '../../src/core/clock.ts';
import type { Intake } from './intake.ts';
import { EVENTS_PATH } from './manifest.ts';
import { type Refused, refuseRequest } from './verify.ts';

/** A request as it came, its body untouched. */
export interface DoorRequest {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

export interface DoorAnswer {
  readonly status: number;
  /** JSON; an empty body says no more than that it was taken. */
  readonly body?: unknown;
}

export interface SlackDoor {
  readonly path: typeof EVENTS_PATH;
  /** @throws AppError when it could not be stored. */
  receive(request: DoorRequest): Promise<DoorAnswer>;
}

export function createSlackDoor(options: {
  /** One, or two while it is changed. */
  readonly signingSecrets: readonly string[];
  readonly intake: Intake;
  readonly clock: Clock;
  /** Told why a request was turned away; the sender is not. */
  readonly onRefused: (why: Refused | 'unreadable') => void;
}): SlackDoor {
  const { signingSecrets, intake, clock, onRefused } = options;
  return {
    path: EVENTS_PATH,
    async receive({ headers, body }) {
      const request = {
        timestamp: headers['x-slack-request-timestamp'],
        signature: headers['x-slack-signature'],
        body,
      };
      const now = clock.now();
      const judged = signingSecrets.map((secret) => refuseRequest(request, secret, now));
      if (!judged.includes(null)) {
        onRefused(judged[0] ?? 'missing');
        return { status: 401 };
      }
      const parsed = parseBody(headers['content-type'] ?? '', body.toString('utf8'));
      if (parsed === undefined) {
        onRefused('unreadable');
        return { status: 400 };
      }
      const answer = await intake.take(parsed);
      return answer === undefined ? { status: 200 } : { status: 200, body: answer };
    },
  };
}

/** Events are JSON; everything else is a form, and what people press in it stands as JSON in one field. */
function parseBody(contentType: string, text: string): unknown {
  if (/^application\/json\b/i.test(contentType)) return jsonOf(text);
  if (!/^application\/x-www-form-urlencoded\b/i.test(contentType)) return undefined;
  const form = Object.fromEntries(new URLSearchParams(text));
  return form['payload'] === undefined ? form : jsonOf(form['payload']);
}

function jsonOf(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
