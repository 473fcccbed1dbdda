// What is wrong with an audit chain, said for people.
import type { ChainProblem, ProblemKind } from './verify.ts';

const sentences: Readonly<Record<ProblemKind, (block: number, row: string) => string>> = {
  row_altered: (block, row) => `Row ${row} of block ${block} was altered after it was sealed`,
  row_removed: (block, row) => `Row ${row} of block ${block} is gone`,
  row_twice: (block, row) => `Row ${row} stands in block ${block} and in an earlier one`,
  block_altered: (block) =>
    `Block ${block} does not carry our seal: it was altered, or made with another key`,
  block_removed: (block) => `Block ${block} is gone`,
  tail_cut: (block) => `Block ${block} is not the one whose head was posted: the chain was cut or remade`,
  row_unchained: (_, row) => `Row ${row} is marked as sealed and stands in no block: the tail was cut`,
  row_unsealed: (_, row) => `Row ${row} has waited for its seal for over a minute: is the sealer at work?`,
};

export function describeProblem({ kind, block, row }: ChainProblem): string {
  return sentences[kind](block, row);
}
