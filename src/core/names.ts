// Names in a sentence.

/** `Asha`, `Asha and Ravi`, `Asha, Ravi and Meera`; `nobody` for none. */
export function together(names: readonly string[]): string {
  const last = names.at(-1) ?? 'nobody';
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${last}` : last;
}
