// Where a form may send somebody afterwards: a path of ours, never another site.

/** The path when it is one of ours, else `otherwise`. */
export function localPath(given: unknown, otherwise: string): string {
  if (typeof given !== 'string' || given.length > 2_000 || !/^\/[\x21-\x7e]*$/.test(given)) return otherwise;
  if (given.startsWith('//') || given.includes('\\')) return otherwise;
  return URL.canParse(given, 'http://self.invalid') &&
    new URL(given, 'http://self.invalid').host === 'self.invalid'
    ? given
    : otherwise;
}
