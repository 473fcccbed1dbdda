/** Gauss–Legendre nodes and weights, for integrals over a smooth function. */

/** Nodes in (−1, 1), ascending, and their weights, for polynomials up to degree 2·`count` − 1. */
export function gaussLegendre(count: number): { nodes: readonly number[]; weights: readonly number[] } {
  const nodes: number[] = [];
  const weights: number[] = [];
  for (let index = count; index >= 1; index -= 1) {
    let x = Math.cos((Math.PI * (index - 0.25)) / (count + 0.5));
    let slope = 1;
    for (let step = 0; step < 10; step += 1) {
      let value = 1;
      let before = 0;
      for (let n = 1; n <= count; n += 1) {
        const next = ((2 * n - 1) * x * value - (n - 1) * before) / n;
        before = value;
        value = next;
      }
      slope = (count * (x * value - before)) / (x * x - 1);
      x -= value / slope;
    }
    nodes.push(x);
    weights.push(2 / ((1 - x * x) * slope * slope));
  }
  return { nodes, weights };
}
