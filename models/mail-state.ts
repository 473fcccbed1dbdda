// How far a mail has come: a total order of what may be learned of it, so that all orders of learning end alike.

export const mailStates = [
  'queued',
  'sent',
  'delivery_delayed',
  'delivered',
  'bounced',
  'complained',
  'failed',
  'suppressed',
] as const;
export type MailState = (typeof mailStates)[number];

/**
 * What may be learned, and its rank. `refused` is our own provider saying no before it took the mail, so that a later
 * try may still get further; `failed` is what it says after it took it. A bounce outranks a delivery, since servers
 * take mail first and send it back later, and a complaint outranks both.
 */
const ranks = {
  queued: 0,
  refused: 10,
  sent: 20,
  delivery_delayed: 30,
  failed: 40,
  suppressed: 50,
  delivered: 60,
  bounced: 70,
  complained: 80,
} as const;

export type MailNews = keyof typeof ranks;

/** The part of a row that only ever moves up. */
export interface MailStanding {
  readonly state: MailState;
  readonly rank: number;
  /** When what is known now happened, as its source says. */
  readonly stateAt: Date;
  /** Why, where there is a reason: the bounce's or the provider's words. */
  readonly detail: string | null;
}

/** How a row stands once this was learned of it and nothing else. */
export function standingOf(news: MailNews, at: Date, detail: string | null = null): MailStanding {
  return { state: news === 'refused' ? 'failed' : news, rank: ranks[news], stateAt: at, detail };
}

/** The greater of two standings; null when that is the one already known. */
export function standingAfter(known: MailStanding, told: MailStanding): MailStanding | null {
  return isAbove(told, known) ? told : null;
}

/** By rank, then by time, then by words: of any two different standings, one is above the other. */
function isAbove(one: MailStanding, other: MailStanding): boolean {
  if (one.rank !== other.rank) return one.rank > other.rank;
  const apartMs = one.stateAt.getTime() - other.stateAt.getTime();
  if (apartMs !== 0) return apartMs > 0;
  return (one.detail ?? '') > (other.detail ?? '');
}

/** Whether the provider has taken it, or it ended without: either way it is not sent again. */
export const isSettled = ({ rank }: Pick<MailStanding, 'rank'>): boolean => rank >= ranks.sent;

export const mailMarks = ['opened', 'clicked'] as const;
export type MailMark = (typeof mailMarks)[number];

/** The earlier of two instants: the first opening counts, in whatever order they are told. */
export function earlier(known: Date | null, told: Date): Date {
  return known === null || told < known ? told : known;
}
