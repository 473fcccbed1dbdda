/** Names of months and of time zones as they stand in written dates. */

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const FULL_MONTHS =
  'january february march april may june july august september october november december'.split(' ');

/** The month (from 1) that a word is the full or the short name of. */
export function monthOf(word: string): number | undefined {
  const name = word.toLowerCase();
  const index = name.length === 3 ? MONTHS.indexOf(name) : FULL_MONTHS.indexOf(name);
  if (index !== -1) return index + 1;
  return name === 'sept' ? 9 : undefined;
}

/** Hours east of UTC by abbreviation. */
const ABBREVIATIONS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    utc: 0,
    gmt: 0,
    wet: 0,
    west: 1,
    bst: 1,
    cet: 1,
    cest: 2,
    eet: 2,
    eest: 3,
    msk: 3,
    jst: 9,
    est: -5,
    edt: -4,
    cst: -6,
    cdt: -5,
    mst: -7,
    mdt: -6,
    pst: -8,
    pdt: -7,
  }),
);

/** Minutes east of UTC by abbreviation or military letter. */
export function zoneMinutes(word: string): number | undefined {
  const name = word.toLowerCase();
  if (!/^[a-ik-z]$/.test(name)) {
    const hours = ABBREVIATIONS.get(name);
    return hours === undefined ? undefined : hours * 60;
  }
  if (name === 'z') return 0;
  const letters = 'abcdefghiklm'.indexOf(name);
  return 60 * (letters === -1 ? -('nopqrstuvwxy'.indexOf(name) + 1) : letters + 1);
}

/** A zone at the start of a text: `Z`, `+02:00`, ` GMT+2`, ` EST`; undefined when there is none. */
export function readZone(
  text: string,
): { readonly minutes: number; readonly name: string | undefined; readonly length: number } | undefined {
  const offset = /^\s*(?:GMT|UTC)?([+-])(\d{1,2}):?(\d{2})?(?!\d)/i.exec(text);
  if (offset !== null) {
    const minutes = Number(offset[2]) * 60 + Number(offset[3] ?? 0);
    return { minutes: offset[1] === '-' ? -minutes : minutes, name: undefined, length: offset[0].length };
  }
  const word = /^\s*\(?([a-z]+)\)?(?![a-z/])/i.exec(text);
  const minutes = zoneMinutes(word?.[1] ?? '');
  if (word === null || minutes === undefined) return undefined;
  return { minutes, name: word[1], length: word[0].length };
}
