// Keys that Slack hands out for a moment: trigger ids (3 s, once) and response addresses (5 uses, 30 minutes).

const TRIGGER_LIVES_MS = 3_000;
const RESPONSE_LIVES_MS = 30 * 60_000;
const RESPONSE_USES = 5;

/** Where a response address leads: to one person, in the channel where they acted. */
export interface ResponsePlace {
  readonly channel: string;
  readonly user: string;
  readonly threadTs: string | null;
  /** The message whose button was pressed. */
  readonly messageTs: string | null;
}

export interface Triggers {
  trigger(user: string): string;
  /** Makes it as old as one that has passed. */
  age(triggerId: string): void;
  /** Uses it up. */
  spend(triggerId: string): { readonly user: string } | { readonly error: string };
  /** The path of a fresh response address. */
  responsePath(place: ResponsePlace): string;
  /** Uses it once; null when it is unknown, too old or used up. */
  respond(path: string): ResponsePlace | null;
}

export function createTriggers(nowMs: () => number, team: string): Triggers {
  const triggers = new Map<string, { readonly user: string; atMs: number; spent: boolean }>();
  const responses = new Map<string, { readonly place: ResponsePlace; readonly atMs: number; uses: number }>();
  let count = 0;
  return {
    trigger(user) {
      count += 1;
      const id = `${Math.floor(nowMs())}.${count}.fake`;
      triggers.set(id, { user, atMs: nowMs(), spent: false });
      return id;
    },
    age(triggerId) {
      const found = triggers.get(triggerId);
      if (found) found.atMs -= TRIGGER_LIVES_MS + 1;
    },
    spend(triggerId) {
      const found = triggers.get(triggerId);
      if (!found) return { error: 'invalid_trigger_id' };
      if (found.spent) return { error: 'exchanged_trigger_id' };
      if (nowMs() - found.atMs > TRIGGER_LIVES_MS) return { error: 'expired_trigger_id' };
      found.spent = true;
      return { user: found.user };
    },
    responsePath(place) {
      count += 1;
      const path = `/response/${team}/${count}`;
      responses.set(path, { place, atMs: nowMs(), uses: 0 });
      return path;
    },
    respond(path) {
      const found = responses.get(path);
      if (!found || found.uses >= RESPONSE_USES || nowMs() - found.atMs > RESPONSE_LIVES_MS) return null;
      found.uses += 1;
      return found.place;
    },
  };
}
