// The port by which one stream is derived from another: the facts of one subject, and statements about them.

/** A fact of a subject as its source told it; `replaces` names the one that it corrects. */
export interface SubjectFact {
  readonly id: string;
  readonly externalId: string;
  readonly at: Date;
  readonly replaces: string | null;
  readonly data: Readonly<Record<string, string | number | boolean>> | null;
}

/** What a derived stream says of one thing from now on; null data takes back what was said. */
export interface DerivedStatement {
  readonly externalId: string;
  readonly subject: string;
  readonly at: Date;
  readonly data: Readonly<Record<string, string | number | boolean>> | null;
}

export interface SubjectFacts {
  /** Facts about a subject, those that wait to be folded included; corrected ones may stand beside their corrections. */
  of(tenant: string, stream: string, subject: string): Promise<readonly SubjectFact[]>;
  /** Writes statements whose ids all differ; saying what is known already writes nothing. */
  state(tenant: string, stream: string, statements: readonly DerivedStatement[]): Promise<void>;
}
