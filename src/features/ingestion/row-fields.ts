// The fields that rows are made of, each with its limits and what it means.
import { z } from 'zod';

/** ₹10 crore: the sum of a quarter of an hour then stays a whole number that is exact. */
const MAX_PAISE = 10_000_000_000;
const MAX_COUNT = 1_000_000_000;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not come in
const PRINTABLE = /^[^\u0000-\u001f\u007f]*$/;

const printable = (max: number) =>
  z.string().trim().min(1).max(max).regex(PRINTABLE, 'it holds control characters');

export const id = printable(250).describe('the id by which the source knows it').meta({ example: 'T-1042' });

export const at = z.iso
  .datetime({ offset: true })
  .describe('when it happened, with its zone')
  .meta({ example: '2026-11-02T09:30:00+05:30' });

export const updatedAt = z.iso
  .datetime({ offset: true })
  .describe('when the source changed it last: an older statement never replaces a newer one')
  .exactOptional();

export const revision = z
  .int()
  .min(0)
  .max(Number.MAX_SAFE_INTEGER)
  .describe('the number of its state, where changes share one instant')
  .exactOptional();

/** What every row has, whatever its stream. */
export const common = { id, at, updatedAt, revision };

export const reference = (about: string, example: string) => printable(200).describe(about).meta({ example });

export const label = (about: string) => printable(80).describe(about);

export const text = (about: string) => printable(300).describe(about);

export const paise = (about: string) => z.int().min(0).max(MAX_PAISE).describe(`${about}, in paise`);

export const count = (about: string) => z.int().min(0).max(MAX_COUNT).describe(about);

export const instant = (about: string) => z.iso.datetime({ offset: true }).describe(about);

export const choice = <const T extends readonly [string, ...string[]]>(values: T, about: string) =>
  z.enum(values).describe(about);

export const currency = z.literal('INR').default('INR').describe('amounts are in Indian rupees');
