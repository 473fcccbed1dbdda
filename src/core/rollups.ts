// The port between who folds facts and who shows numbers: streams, what is asked of their rollups, what they answer.

/** What facts come in by. */
export const streamNames = [
  'transactions',
  'customers',
  'operations',
  'subscriptions',
  'payments',
  'invites',
  'suppliers',
  'claims',
  'marketing_costs',
  'brand_spend',
] as const;
export type StreamName = (typeof streamNames)[number];

/** A question about one measure of a stream in a time; dimensions and measures are those the stream declares. */
export interface RollupQuery {
  readonly stream: string;
  readonly measure: string;
  /** A dimension to split by. */
  readonly by?: string;
  readonly where?: Readonly<Record<string, string>>;
  /** Half open, on bounds of 15 minutes. */
  readonly from: Date;
  readonly to: Date;
  /** For who adds up whole days of this zone: cells may then be as long as such a day, which costs far less. */
  readonly daysIn?: string;
}

/** The sum of one bucket of 15 minutes (or of one day, where days were asked for), or of one value in it. */
export interface RollupCell {
  readonly start: Date;
  /** The value of the dimension; empty where nothing is split. */
  readonly value: string;
  /** An integer, in the unit of the measure. */
  readonly total: number;
}

/** A fact as a person reads it behind a number. */
export interface FactRow {
  readonly id: string;
  readonly source: string;
  readonly externalId: string;
  readonly at: Date;
  readonly receivedAt: Date;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface RowsQuery {
  readonly stream: string;
  readonly from: Date;
  readonly to: Date;
  readonly where?: Readonly<Record<string, string>>;
  /** Goes on after this row of an earlier answer. */
  readonly after?: string;
  readonly limit: number;
}

export interface RollupReader {
  /** Buckets in order of time; those without facts are left out. */
  read(tenant: string, query: RollupQuery): Promise<readonly RollupCell[]>;
  /** How many different units, such as `customer`, there were in these days of the zone. */
  distinct(
    tenant: string,
    query: Omit<RollupQuery, 'measure' | 'by'> & { readonly unit: string; readonly zone: string },
  ): Promise<number>;
  /** The facts behind a number as they stand now, the newest first. */
  rows(tenant: string, query: RowsQuery): Promise<readonly FactRow[]>;
  /** When the stream was folded last; null while it has no facts. */
  asOf(tenant: string, stream: string): Promise<Date | null>;
}
