// The small forms that payloads of other systems are made of.
import { z } from 'zod';

/** A title: cut, not refused, for what another system writes at length is no fault. */
export const name = z
  .string()
  .min(1)
  .transform((text) => (text.length > 300 ? `${text.slice(0, 299)}…` : text));

export const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

/** A web address that a page may link to. */
export const address = z.url({ protocol: /^https?$/ }).max(2_000);
