// What a voice expects of what it sees, the same for every platform.
import { expect } from 'vitest';

export function expectWords(seen: string, wanted: string | RegExp): void {
  if (typeof wanted === 'string') expect(seen).toContain(wanted);
  else expect(seen).toMatch(wanted);
}

export function expectNoWords(seen: string, unwanted: string | RegExp): void {
  if (typeof unwanted === 'string') expect(seen).not.toContain(unwanted);
  else expect(seen).not.toMatch(unwanted);
}
