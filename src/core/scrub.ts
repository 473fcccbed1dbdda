// Removes secrets and personal data from any text by their values, as the last step before a log line leaves.

const MASK = '«secret»';

const patterns: readonly (readonly [RegExp, string])[] = [
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${MASK}`],
  [/\b[a-z][a-z0-9+.-]*:\/\/[^\s/@:"']*:[^\s/@"']+@/gi, `${MASK}@`],
  [/\bwhsec_[A-Za-z0-9+/=]{16,}/g, MASK],
  [/\bxox[abeoprs]-[\w-]{10,}/g, MASK],
  [/\bxapp-[\w-]{10,}/g, MASK],
  [/\b\d{6,12}:[A-Za-z0-9_-]{30,}/g, MASK],
  [/\bre_[A-Za-z0-9_]{16,}/g, MASK],
  [/\bwr_[A-Za-z0-9_-]{20,}/g, MASK],
  [/\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{5,}/g, MASK],
  [/([?&#](?:token|secret|key|signature|code)=)[^&\s"']+/gi, `$1${MASK}`],
  [/\b[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+\b/g, '«email»'],
  [/(?<![\w.])\+\d[\d ()-]{7,16}\d\b/g, '«phone»'],
];

export interface Scrubber {
  (text: string): string;
  /** Remembers a secret that was learned after the start, such as one read from a file. */
  learn(secret: string): void;
}

/** A scrubber that knows these secrets by value; those shorter than 6 characters would mask ordinary words. */
export function createScrubber(secrets: readonly string[] = []): Scrubber {
  const known = new Set<string>();
  const learn = (secret: string): void => {
    if (secret.length >= 6) known.add(secret);
  };
  for (const secret of secrets) learn(secret);
  const scrub = (text: string): string => {
    let clean = text;
    for (const secret of known) clean = clean.replaceAll(secret, MASK);
    for (const [pattern, mask] of patterns) clean = clean.replace(pattern, mask);
    return clean;
  };
  return Object.assign(scrub, { learn });
}
