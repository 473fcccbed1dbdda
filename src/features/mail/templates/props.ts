// The forms that props of mails are made of: one line, several, an instant, and the zone it is said in.
import { IANAZone } from 'luxon';
import { z } from 'zod';
import { exactTime } from '../../../ui/components/time.tsx';

const LONGEST_LINE = 300;

/** Control characters would start a header of their own, or hide what follows. */
const CONTROL = /[\p{Cc}\u2028\u2029]+/gu;

/** One line, cut where it is too long. */
export const line = z.string().transform((text) => {
  const flat = text.replaceAll(CONTROL, ' ').trim();
  return flat.length > LONGEST_LINE ? `${flat.slice(0, LONGEST_LINE - 1)}…` : flat;
});

export const lines = z.string().max(20_000);

/** An address to lead to; whether it may is judged where it is drawn. */
export const href = z.string().max(2_000);

export const instant = z.iso.datetime({ offset: true });

export const zone = z.string().refine((name) => IANAZone.isValidZone(name), 'is not a time zone');

/** Such as `2 Nov 2026, 15:00 IST`. */
export const timeOf = (at: string, zoneName: string): string => exactTime(new Date(at), zoneName);
