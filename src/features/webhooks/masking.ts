// A stored body as people may see it: secrets and personal data masked, by the name of the field and by its look.
import { createScrubber } from '../../core/scrub.ts';

const PRIVATE =
  /^(?:body|(?:called|caller|from|to)(?:city|state|zip|country|name)?|forwarded[_-]?from|profile[_-]?name|wa[_-]?id|(?:first|last|full|user|customer|contact)[_-]?name|name|from|to|e?-?mail.*|phone.*|contact|mobile.*|address.*|street|vpa|card.*|account.*|iban|ip|ip_address|pan|dob|token|secret|password|authorization|cookie)$/i;
const MASK = '«masked»';
const MOST_CHARACTERS = 20_000;

const scrub = createScrubber();

/** What a body says, as indented JSON, cut at 20,000 characters. */
export function maskedBody(payload: unknown): string {
  const shown = scrub(JSON.stringify(masked(payload), null, 2));
  return shown.length > MOST_CHARACTERS ? `${shown.slice(0, MOST_CHARACTERS)}\n…` : shown;
}

function masked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => {
      const hidden = PRIVATE.test(key) && entry !== null && typeof entry !== 'object';
      return [key, hidden ? MASK : masked(entry)];
    }),
  );
}
