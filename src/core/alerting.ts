// The port that failures are told through: raise what is wrong under a name of its own, resolve it by that name.

export const severities = ['info', 'warning', 'critical'] as const;
export type Severity = (typeof severities)[number];

/** What is wrong. The same fingerprint again is the same alert, counted; alerts of one group share a card. */
export interface AlertFacts {
  /** Names this very trouble, such as `job.failed:protocol.tick`. */
  readonly fingerprint: string;
  /** Names what belongs together, such as `job.failed`. */
  readonly group: string;
  /** One line: the fact, with its number. */
  readonly title: string;
  readonly severity: Severity;
  /** What noticed it, such as `jobs`. */
  readonly source: string;
  /** Figures and names that help to judge it, by label. */
  readonly facts?: Readonly<Record<string, string>>;
  /** A path of a page or a web address where more is to be seen. */
  readonly link?: string;
  /** For what happens at a moment: it is over when it was not raised again for this long. */
  readonly lastsMs?: number;
}

export interface Alerting {
  /** Durable when it resolves. The same effect key again counts nothing. @returns whether it was new. */
  raise(tenant: string, alert: AlertFacts, effectKey: string): Promise<boolean>;
  /** Says that the trouble is over; nothing happens when it is not known. @returns whether it was firing. */
  resolve(tenant: string, fingerprint: string, why: string): Promise<boolean>;
}
