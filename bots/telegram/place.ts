// Where in a chat an answer stands: the topic of a forum, and the message it replies to.
import type { Place } from '../../src/core/outbox-item.ts';

export interface Standing {
  readonly topic?: number;
  readonly message?: number;
}

/** A topic is a place of its own for questions; the message that is answered is only where the answer hangs. */
export function placeOf({ topic, message }: Standing): Place {
  return {
    ...(topic === undefined ? {} : { thread: String(topic) }),
    ...(message === undefined ? {} : { handle: String(message) }),
  };
}

export function standingOf(place: Place | undefined): Standing {
  const topic = numberIn(place?.thread);
  const message = numberIn(place?.handle);
  return { ...(topic === undefined ? {} : { topic }), ...(message === undefined ? {} : { message }) };
}

function numberIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}
