// What the verbs of the protocol say, in both languages; names of steps and ids stay as they are.
import { DateTime } from 'luxon';
import type { RunStatus, StepStatus } from '../../../models/protocol-run.ts';
import type { Language } from '../../core/context.ts';
import type { Span, Text } from '../../core/reply.ts';

interface Words {
  readonly started: (steps: readonly string[]) => Text;
  readonly progress: string;
  readonly running: (run: string) => Text;
  readonly pausedUntil: (time: string) => string;
  readonly nextAt: (time: string) => string;
  readonly last: string;
  readonly lastRun: (status: RunStatus, run: string) => Text;
  readonly never: string;
  readonly noRuns: string;
  readonly runNow: Text;
  readonly counted: (runs: number) => string;
  readonly columns: readonly string[];
  readonly onDemand: string;
  readonly runStatus: Readonly<Record<RunStatus, string>>;
  readonly stepStatus: Readonly<Record<StepStatus, string>>;
  readonly shown: (status: RunStatus, run: string) => Text;
  readonly paused: (time: string) => string;
  readonly onDemandGoesOn: string;
  readonly resumed: string;
}

const runStatusInHindi = {
  due: 'बारी का इंतज़ार',
  running: 'चल रहा है',
  completed: 'पूरा हुआ',
  completed_with_errors: 'गड़बड़ियों के साथ पूरा हुआ',
  missed: 'छूट गया',
} as const;

export const words: Readonly<Record<Language, Words>> = {
  en: {
    started: (steps) => `Protocol run started: ${steps.join(', ')}`,
    progress: 'Its card shows the progress · ',
    running: (run) => `Running now: ${run}`,
    pausedUntil: (time) => `Paused until ${time}`,
    nextAt: (time) => `Next run at ${time}`,
    last: 'Last run',
    lastRun: (status, run) => `${status} (${run})`,
    never: 'none yet',
    noRuns: 'No runs yet',
    runNow: '“protocol run” runs it now.',
    counted: (runs) => (runs === 1 ? '1 run' : `${runs} runs`),
    columns: ['Run', 'Slot', 'Status', 'Steps'],
    onDemand: 'on demand',
    runStatus: {
      due: 'due',
      running: 'running',
      completed: 'completed',
      completed_with_errors: 'completed_with_errors',
      missed: 'missed',
    },
    stepStatus: { pending: 'pending', ok: 'ok', skipped: 'skipped', waiting: 'waiting', failed: 'failed' },
    shown: (status, run) => ['Run ', { code: run }, ` is ${status}`],
    paused: (time) => `Scheduled runs are paused until ${time}`,
    onDemandGoesOn: 'Runs on demand go on working.',
    resumed: 'Scheduled runs go on',
  },
  hi: {
    started: (steps) => ['प्रोटोकॉल शुरू हो गया: ', ...codes(steps)],
    progress: 'इसका कार्ड बताता रहेगा कि काम कहाँ तक पहुँचा · ',
    running: (run) => ['अभी चल रहा है: ', { code: run }],
    pausedUntil: (time) => `प्रोटोकॉल ${time} तक रोका गया है`,
    nextAt: (time) => `अगला रन: ${time}`,
    last: 'पिछला रन',
    lastRun: (status, run) => [`${runStatusInHindi[status]} (`, { code: run }, ')'],
    never: 'अभी तक कोई नहीं',
    noRuns: 'अभी तक कोई रन नहीं हुआ',
    runNow: ['अभी चलाने के लिए लिखें: ', { code: 'protocol run' }],
    counted: (runs) => (runs === 1 ? '1 रन' : `पिछले ${runs} रन`),
    columns: ['रन', 'तय समय', 'स्थिति', 'चरण'],
    onDemand: 'माँगने पर',
    runStatus: runStatusInHindi,
    stepStatus: {
      pending: 'बाकी',
      ok: 'हो गया',
      skipped: 'छोड़ा गया',
      waiting: 'फ़ैसले का इंतज़ार',
      failed: 'असफल',
    },
    shown: (status, run) => ['रन ', { code: run }, `: ${runStatusInHindi[status]}`],
    paused: (time) => `तय समय पर होने वाले रन ${time} तक रोक दिए गए हैं`,
    onDemandGoesOn: 'माँगने पर रन पहले की तरह चलते रहेंगे।',
    resumed: 'तय समय पर होने वाले रन फिर चालू हो गए',
  },
};

const codes = (names: readonly string[]): Span[] =>
  names.flatMap((name, index) => (index === 0 ? [{ code: name }] : [', ', { code: name }]));

/** An instant in the reader's zone, which is named: “21 Nov 2026, 23:30 Asia/Kolkata”. */
export function saidTime(
  instant: string,
  { zone, language }: { readonly zone: string; readonly language: Language },
): string {
  const time = DateTime.fromISO(instant, { zone });
  if (language === 'en') return `${time.toFormat('d LLL yyyy, HH:mm')} ${zone}`;
  return `${time.setLocale('hi').toFormat('d LLLL yyyy, HH:mm')} (${zone})`;
}
