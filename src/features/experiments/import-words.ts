// What the import of exposures says, in both languages.
import type { Language } from '../../core/context.ts';
import type { Text } from '../../core/reply.ts';
import type { ImportOutcome } from './import.ts';

interface ImportWords {
  readonly repeated: (experiment: string) => string;
  readonly added: (outcome: ImportOutcome) => string;
  readonly corrected: (units: number) => string;
  readonly excluded: (units: number) => string;
  readonly line: (line: number, problem: string) => string;
  readonly next: (maxUnits: number) => Text;
}

export const importWords: Readonly<Record<Language, ImportWords>> = {
  en: {
    repeated: (experiment) => `This file was imported before: nothing changed in ${experiment}`,
    added: ({ added, units, dryRun, experiment, variants, metric }) =>
      `${added} of ${units} units ${dryRun ? 'would be added to' : 'added to'} ${experiment} ` +
      `(${variants.join(', ')}; ${metric})`,
    corrected: (units) => `${units} units say something else than before and were corrected.`,
    excluded: (units) =>
      units === 1
        ? '1 unit saw two variants and is excluded.'
        : `${units} units saw two variants and are excluded.`,
    line: (line, problem) => `line ${line}: ${problem}`,
    next: (maxUnits) =>
      `Planned maximum: ${maxUnits} units. The next protocol run looks at it; “protocol run experiments” looks now.`,
  },
  hi: {
    repeated: (experiment) => `यह फ़ाइल पहले ही जोड़ी जा चुकी है: ${experiment} में कुछ नहीं बदला`,
    added: ({ added, units, dryRun, experiment, variants, metric }) =>
      `${experiment} में ${units} में से ${added} यूनिट ${dryRun ? 'जोड़ी जाएँगी' : 'जोड़ी गईं'} ` +
      `(${variants.join(', ')}; ${metric})`,
    corrected: (units) => `${units} यूनिटों का डेटा पहले से अलग था, उसे ठीक कर दिया गया।`,
    excluded: (units) =>
      units === 1
        ? '1 यूनिट ने दो रूप देखे, इसलिए वह गिनती में नहीं है।'
        : `${units} यूनिटों ने दो रूप देखे, इसलिए वे गिनती में नहीं हैं।`,
    line: (line, problem) => `पंक्ति ${line}: ${problem}`,
    next: (maxUnits) => [
      `ज़्यादा से ज़्यादा ${maxUnits} यूनिट तय हैं। प्रोटोकॉल का अगला रन इसे जाँचेगा; अभी जाँचने के लिए: `,
      { code: 'protocol run experiments' },
    ],
  },
};
