// What can be made to go wrong between the app and Slack, and how often calls may come.

/** `lost`: the call takes effect, and its answer never arrives. `reset`: the connection breaks before it does. */
export type Fault =
  | { readonly kind: 'rate_limited'; readonly retryAfterSeconds: number }
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'error'; readonly error: string }
  | { readonly kind: 'reset' }
  | { readonly kind: 'silent' }
  | { readonly kind: 'lost' };

export interface FaultRule {
  readonly fault: Fault;
  /** A method such as `chat.postMessage`; every one unless told. */
  readonly method?: string;
  readonly channel?: string;
  /** How many calls meet it; until it is lifted unless told. */
  readonly times?: number;
}

export interface Faults {
  /** Returns what lifts the rule again. */
  add(rule: FaultRule): () => void;
  clear(): void;
  /** The fault that this call meets, used up by one. */
  meet(method: string, channel: string): Fault | null;
}

export function createFaults(): Faults {
  let rules: { readonly rule: FaultRule; left: number }[] = [];
  return {
    add(rule) {
      const entry = { rule, left: rule.times ?? Number.POSITIVE_INFINITY };
      rules.push(entry);
      return () => {
        rules = rules.filter((one) => one !== entry);
      };
    },
    clear() {
      rules = [];
    },
    meet(method, channel) {
      const entry = rules.find(
        ({ rule, left }) =>
          left > 0 &&
          (rule.method === undefined || rule.method === method) &&
          (rule.channel === undefined || rule.channel === channel),
      );
      if (!entry) return null;
      entry.left -= 1;
      return entry.rule.fault;
    },
  };
}

/** Calls a minute by tier, after docs.slack.dev/apis/web-api/rate-limits. */
const perMinute = { 1: 1, 2: 20, 3: 50, 4: 100, special: 600 } as const;

const tiers: Readonly<Record<string, keyof typeof perMinute>> = {
  'auth.test': 'special',
  'chat.postMessage': 'special',
  'chat.postEphemeral': 4,
  'chat.update': 3,
  'chat.delete': 3,
  'views.open': 4,
  'views.push': 4,
  'views.update': 4,
  'conversations.open': 3,
  'conversations.info': 3,
  'conversations.members': 4,
  'users.info': 4,
  'users.conversations': 3,
  'files.getUploadURLExternal': 4,
  'files.completeUploadExternal': 4,
  'reactions.add': 3,
  'apps.connections.open': 1,
};

/** Posts to one channel: about one a second, with short bursts. */
const CHANNEL_BURST = 3;

export interface RateLimits {
  /** Whole seconds to wait when the call comes too soon, else null; a call that is let through is counted. */
  waitFor(method: string, channel: string): number | null;
}

export function createRateLimits(nowMs: () => number): RateLimits {
  const buckets = new Map<string, { level: number; atMs: number }>();

  function waitSeconds(key: string, size: number, perSecond: number): number {
    const at = nowMs();
    const bucket = buckets.get(key) ?? { level: size, atMs: at };
    const level = Math.min(size, bucket.level + ((at - bucket.atMs) / 1_000) * perSecond);
    if (level < 1) {
      buckets.set(key, { level, atMs: at });
      return Math.max(1, Math.ceil((1 - level) / perSecond));
    }
    buckets.set(key, { level: level - 1, atMs: at });
    return 0;
  }

  return {
    waitFor(method, channel) {
      const rate = perMinute[tiers[method] ?? 3];
      // A first few calls of the slowest tier pass: a reconnection is not a flood.
      const wait = waitSeconds(method, Math.max(rate, 5), rate / 60);
      if (wait > 0) return wait;
      if (method !== 'chat.postMessage') return null;
      const channelWait = waitSeconds(`post ${channel}`, CHANNEL_BURST, 1);
      return channelWait > 0 ? channelWait : null;
    },
  };
}
