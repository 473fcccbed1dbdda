// What the audit log says of itself, in both languages: what was done, whether its chain holds, and what is wrong with it.
import type { Language } from '../../core/context.ts';
import type { Bilingual } from '../../core/operation.ts';
import type { ChainProblem, ProblemKind } from './verify.ts';

interface Words {
  readonly nothing: string;
  readonly counted: (shown: number, total: number) => string;
  readonly columns: readonly string[];
  readonly outcome: Readonly<Record<'done' | 'denied' | 'read', string>>;
  readonly times: (zone: string) => string;
  /** The locale of its times. */
  readonly locale: string;
  readonly holds: (rows: number, blocks: number) => string;
  readonly broken: (problems: number, blocks: number) => string;
  readonly head: (head: string) => string;
  readonly noBlock: string;
  readonly unsealed: (rows: number) => string;
}

export const words: Readonly<Record<Language, Words>> = {
  en: {
    nothing: 'No audit row fits.',
    counted: (shown, total) =>
      total === shown ? `${total} audit rows` : `The newest ${shown} of ${total} audit rows`,
    columns: ['When', 'Who', 'What', 'On', 'From'],
    outcome: { done: 'done', denied: 'denied', read: 'read' },
    times: (zone) => `Times in ${zone}`,
    locale: 'en-IN',
    holds: (rows, blocks) => `The audit chain holds: ${rows} rows in ${blocks} blocks`,
    broken: (problems, blocks) => `The audit chain does not hold: ${problems} problems in ${blocks} blocks`,
    head: (head) => `Head ${head}`,
    noBlock: 'No block yet',
    unsealed: (rows) => (rows === 1 ? '1 row waits for its seal' : `${rows} rows wait for their seal`),
  },
  hi: {
    nothing: 'ऐसी कोई ऑडिट प्रविष्टि नहीं मिली।',
    counted: (shown, total) =>
      total === shown ? `${total} ऑडिट ${entries(total)}` : `${total} ऑडिट प्रविष्टियों में से सबसे नई ${shown}`,
    columns: ['कब', 'किसने', 'क्या किया', 'किस पर', 'कहाँ से'],
    outcome: { done: 'किया', denied: 'अनुमति नहीं मिली', read: 'देखा' },
    times: (zone) => `समय ${zone} का है`,
    locale: 'hi-IN',
    holds: (rows, blocks) => `ऑडिट लॉग सही है, कुछ नहीं बदला: ${rows} ${entries(rows)}, ${blocks} ब्लॉक`,
    broken: (count, blocks) =>
      `ऑडिट लॉग सही नहीं है: ${blocks} ब्लॉक में ${count} ${count === 1 ? 'गड़बड़ी' : 'गड़बड़ियाँ'}`,
    head: (head) => `हेड ${head}`,
    noBlock: 'अभी कोई ब्लॉक नहीं बना',
    unsealed: (rows) => `${rows} ${entries(rows)} पर मुहर लगनी बाकी है`,
  },
};

const entries = (rows: number): string => (rows === 1 ? 'प्रविष्टि' : 'प्रविष्टियाँ');

const problems: Readonly<Record<ProblemKind, (block: number, row: string) => Bilingual>> = {
  row_altered: (block, row) => ({
    en: `Row ${row} of block ${block} was altered after it was sealed`,
    hi: `ब्लॉक ${block} की प्रविष्टि ${row} मुहर लगने के बाद बदली गई`,
  }),
  row_removed: (block, row) => ({
    en: `Row ${row} of block ${block} is gone`,
    hi: `ब्लॉक ${block} की प्रविष्टि ${row} गायब है`,
  }),
  row_twice: (block, row) => ({
    en: `Row ${row} stands in block ${block} and in an earlier one`,
    hi: `प्रविष्टि ${row} ब्लॉक ${block} में भी है और उससे पहले के ब्लॉक में भी`,
  }),
  block_altered: (block) => ({
    en: `Block ${block} does not carry our seal: it was altered, or made with another key`,
    hi: `ब्लॉक ${block} पर हमारी मुहर नहीं है: उसे बदला गया है, या वह किसी और कुंजी से बना है`,
  }),
  block_removed: (block) => ({ en: `Block ${block} is gone`, hi: `ब्लॉक ${block} गायब है` }),
  tail_cut: (block) => ({
    en: `Block ${block} is not the one whose head was posted: the chain was cut or remade`,
    hi: `ब्लॉक ${block} वह नहीं है जिसका हेड बताया गया था: लॉग काटा गया है या दोबारा बनाया गया है`,
  }),
  row_unchained: (_, row) => ({
    en: `Row ${row} is marked as sealed and stands in no block: the tail was cut`,
    hi: `प्रविष्टि ${row} पर मुहर का निशान है, पर वह किसी ब्लॉक में नहीं है: लॉग का आखिरी हिस्सा काटा गया है`,
  }),
  row_unsealed: (_, row) => ({
    en: `Row ${row} has waited for its seal for over a minute: is the sealer at work?`,
    hi: `प्रविष्टि ${row} एक मिनट से ज़्यादा से मुहर का इंतज़ार कर रही है: क्या मुहर लगाने वाला काम चल रहा है?`,
  }),
};

export function describeProblem({ kind, block, row }: ChainProblem, language: Language): string {
  return problems[kind](block, row)[language];
}
