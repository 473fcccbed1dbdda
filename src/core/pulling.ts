// The port by which rows are fetched from an address that staff set: guarded, bounded, and never redirected.

export interface PullAnswer {
  readonly status: number;
  readonly text: string;
}

/**
 * Fetches JSON from an address; it is judged anew at every call, since names may lead elsewhere by then.
 * @throws AppError `remote.refused` for an address that is not allowed or an answer that is too large,
 * `remote.unavailable` when no answer came in time.
 */
export type FetchRows = (request: {
  readonly url: string;
  readonly authorization: string | null;
}) => Promise<PullAnswer>;
