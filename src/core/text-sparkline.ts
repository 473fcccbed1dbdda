// A line of values in eight letters of height, for messages: ▁▂▃▅▇.

const heights = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** Values that are longer than this are joined by their means, so that a line stays a line. */
const LENGTH_MAX = 31;

/** One letter a value, from 0 or the lowest below it to the highest; a gap where there is no value. */
export function textSparkline(values: readonly (number | null)[]): string {
  const shown = thinned(values);
  const known = shown.filter((value) => value !== null);
  const low = Math.min(0, ...known);
  const high = Math.max(...known);
  const height = (value: number): string =>
    high > low
      ? (heights[Math.round(((value - low) / (high - low)) * (heights.length - 1))] ?? ' ')
      : heights[0];
  return shown.map((value) => (value === null ? ' ' : height(value))).join('');
}

function thinned(values: readonly (number | null)[]): readonly (number | null)[] {
  if (values.length <= LENGTH_MAX) return values;
  const size = Math.ceil(values.length / LENGTH_MAX);
  return Array.from({ length: Math.ceil(values.length / size) }, (_, place) => {
    const some = values.slice(place * size, (place + 1) * size).filter((value) => value !== null);
    return some.length > 0 ? some.reduce((sum, value) => sum + value, 0) / some.length : null;
  });
}
