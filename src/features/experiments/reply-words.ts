// What the verbs of experiments say, in both languages; keys, variants and policies stay as people type them.
import type { Experiment } from '../../../models/experiment.ts';
import type { Language } from '../../core/context.ts';
import type { Text } from '../../core/reply.ts';

interface Change {
  readonly experiment: string;
  readonly current: string;
  readonly previous: string | null;
  readonly decidedBy: string;
}

interface Policy {
  readonly experiment: string;
  readonly mode: string;
  readonly minDays: number;
  readonly minConversionsPerArm: number;
  readonly horizonDays: number;
}

interface Words {
  readonly switched: (change: Change) => Text;
  readonly switchedBy: (change: Change) => string;
  readonly undo: (change: Change) => Text;
  readonly kept: (change: Change) => Text;
  readonly rejectedBy: (change: Change) => string;
  readonly startAgain: (change: Change) => Text;
  readonly back: (change: Change) => Text;
  readonly backBy: (change: Change) => string;
  readonly started: (change: Change) => string;
  readonly stopped: (change: Change) => string;
  readonly policy: (policy: Policy) => Text;
  readonly policyRules: (policy: Policy) => string;
  readonly none: string;
  readonly importOne: Text;
  readonly counted: (experiments: number) => string;
  readonly listColumns: readonly string[];
  readonly statColumns: readonly string[];
  readonly state: Readonly<Record<Experiment['status'], string>>;
  readonly needsDecision: string;
  readonly notLooked: string;
  readonly gets: (unit: string, variant: string) => Text;
  readonly notLookedAt: (experiment: string) => string;
  readonly decided: (by: string | null, how: 'approved' | 'rejected', from: string, to: string) => string;
  readonly armColumns: readonly string[];
  readonly theDefault: (variant: string) => string;
  readonly between: (variant: string, difference: string, low: string, high: string) => string;
  readonly approve: string;
  readonly reject: string;
  readonly standing: (current: string, units: number, maxUnits: number, asOf: string | null) => string;
}

const english: Words = {
  switched: ({ experiment, current }) => [`${experiment} now gives new units `, { bold: current }],
  switchedBy: ({ decidedBy, previous }) => `${decidedBy} approved the switch from ${previous}.`,
  undo: ({ experiment }) => `Undo: experiment rollback ${experiment} <reason>`,
  kept: ({ experiment, current }) => [`${experiment} keeps `, { bold: current }],
  rejectedBy: ({ decidedBy }) => `${decidedBy} rejected the switch; the test is stopped.`,
  startAgain: ({ experiment }) => `Go on with it: experiment start ${experiment}`,
  back: ({ experiment, current }) => [`${experiment} is back on `, { bold: current }],
  backBy: ({ decidedBy, previous }) => `${decidedBy} rolled back the switch to ${previous}.`,
  started: ({ experiment }) => `${experiment} is running`,
  stopped: ({ experiment, current }) => `${experiment} is stopped; new units get ${current}`,
  policy: ({ experiment, mode }) => [`${experiment} is on policy `, { bold: mode }],
  policyRules: ({ minDays, minConversionsPerArm, horizonDays }) =>
    `At least ${minDays} days and ${minConversionsPerArm} conversions an arm; ends after ${horizonDays} days.`,
  none: 'No experiments yet',
  importOne: 'Import one: import exposures <file> --experiment <key> --default <variant>',
  counted: (experiments) => (experiments === 1 ? '1 experiment' : `${experiments} experiments`),
  listColumns: ['Experiment', 'Default now', 'State', 'Verdict'],
  statColumns: ['Experiment', 'Challenger', 'Difference', 'Units'],
  state: { running: 'running', ended: 'ended', stopped: 'stopped' },
  needsDecision: 'needs a decision',
  notLooked: 'not looked at yet',
  gets: (unit, variant) => [`${unit} gets `, { bold: variant }],
  notLookedAt: (experiment) => `${experiment} was not looked at yet`,
  decided: (by, how, from, to) => `${by ?? 'Somebody'} ${how} the switch from ${from} to ${to}.`,
  armColumns: ['Variant', 'Units', 'Converted', 'Rate'],
  theDefault: (variant) => `${variant} (default)`,
  between: (variant, difference, low, high) => `${variant}: ${difference}, between ${low} and ${high}`,
  approve: 'Approve switch',
  reject: 'Reject',
  standing: (current, units, maxUnits, asOf) =>
    `New units get ${current} · ${units} of ${maxUnits} planned units · ` +
    `${asOf === null ? 'no data yet' : `as of ${asOf}`}`,
};

const hindi: Words = {
  switched: ({ experiment, current }) => [`${experiment}: नई यूनिटों को अब `, { bold: current }, ' मिलेगा'],
  switchedBy: ({ decidedBy, previous }) => `${decidedBy} ने ${previous} से बदलाव मंज़ूर किया।`,
  undo: ({ experiment }) => ['वापस लेने के लिए: ', { code: `experiment rollback ${experiment} <reason>` }],
  kept: ({ experiment, current }) => [`${experiment} में `, { bold: current }, ' ही रहेगा'],
  rejectedBy: ({ decidedBy }) => `${decidedBy} ने बदलाव नामंज़ूर किया; टेस्ट रोक दिया गया है।`,
  startAgain: ({ experiment }) => ['फिर शुरू करने के लिए: ', { code: `experiment start ${experiment}` }],
  back: ({ experiment, current }) => [`${experiment} में फिर से `, { bold: current }, ' चालू है'],
  backBy: ({ decidedBy, previous }) => `${decidedBy} ने ${previous} पर किया गया बदलाव वापस लिया।`,
  started: ({ experiment }) => `${experiment} चल रहा है`,
  stopped: ({ experiment, current }) => `${experiment} रोक दिया गया; नई यूनिटों को ${current} मिलेगा`,
  policy: ({ experiment, mode }) => [`${experiment} की नीति अब `, { code: mode }, ' है'],
  policyRules: ({ minDays, minConversionsPerArm, horizonDays }) =>
    `कम से कम ${minDays} दिन और हर रूप में ${minConversionsPerArm} कन्वर्ज़न; ${horizonDays} दिन बाद टेस्ट समाप्त।`,
  none: 'अभी तक कोई प्रयोग नहीं है',
  importOne: ['जोड़ने के लिए: ', { code: 'import exposures <file> --experiment <key> --default <variant>' }],
  counted: (experiments) => `${experiments} प्रयोग`,
  listColumns: ['प्रयोग', 'अभी चालू', 'स्थिति', 'निर्णय'],
  statColumns: ['प्रयोग', 'नया रूप', 'अंतर', 'यूनिट'],
  state: { running: 'चल रहा है', ended: 'पूरा हुआ', stopped: 'रोका गया' },
  needsDecision: 'फ़ैसला बाकी है',
  notLooked: 'अभी जाँचा नहीं गया',
  gets: (unit, variant) => [`${unit} को `, { bold: variant }, ' मिलता है'],
  notLookedAt: (experiment) => `${experiment} को अभी तक जाँचा नहीं गया`,
  decided: (by, how, from, to) =>
    `${by ?? 'किसी'} ने ${from} से ${to} पर बदलाव ${how === 'approved' ? 'मंज़ूर' : 'नामंज़ूर'} किया।`,
  armColumns: ['रूप', 'यूनिट', 'कन्वर्ट हुईं', 'दर'],
  theDefault: (variant) => `${variant} (डिफ़ॉल्ट)`,
  between: (variant, difference, low, high) => `${variant}: ${difference}, ${low} और ${high} के बीच`,
  approve: 'बदलाव मंज़ूर करें',
  reject: 'नामंज़ूर करें',
  standing: (current, units, maxUnits, asOf) =>
    `नई यूनिटों को ${current} मिलता है · तय ${maxUnits} में से ${units} यूनिट · ` +
    `${asOf === null ? 'अभी कोई डेटा नहीं' : `${asOf} तक का डेटा`}`,
};

export const replyWords: Readonly<Record<Language, Words>> = { en: english, hi: hindi };
