// What the verbs of facts coming in say, in both languages.
import type { StreamPull } from '../../../models/stream-pull.ts';
import type { Language } from '../../core/context.ts';
import type { RowCounts } from '../../core/ingestion.ts';
import type { Text } from '../../core/reply.ts';

type Result = keyof RowCounts;

interface Words {
  readonly results: Readonly<Record<Result, string>>;
  readonly wouldBeTaken: string;
  readonly row: (row: number, field: string | undefined, reason: string | undefined) => string;
  readonly read: (stream: string, rows: number, said: string) => string;
  readonly nothingYet: string;
  readonly sendRows: string;
  readonly filled: (filled: number, all: number) => string;
  readonly stream: string;
  readonly facts: string;
  readonly lastCame: string;
  readonly waiting: string;
  readonly refused: string;
  readonly noSuchFacts: (stream: string) => string;
  readonly factsOf: (count: number, stream: string) => string;
  readonly when: string;
  readonly id: string;
  readonly fields: string;
  readonly newestFirst: string;
  readonly noneRefused: string;
  readonly rowsRefused: (count: number) => string;
  readonly why: string;
  readonly howToMend: Text;
  readonly takenIn: (taken: number, refused: number) => string;
  readonly fetched: (name: string, stream: string) => string;
  readonly noPulls: Text;
  readonly pulls: (count: number) => string;
  readonly pull: string;
  readonly state: string;
  readonly lastTime: string;
  readonly takenLast: (count: number) => string;
  readonly brought: (name: string, count: number) => string;
  readonly failed: (name: string, problem: string) => string;
  readonly pullStates: Readonly<Record<StreamPull['status'], string>>;
  readonly pullNow: (name: string, status: StreamPull['status']) => string;
  readonly madeIds: string;
  readonly leftOut: (columns: string) => string;
  readonly daysFrom: (zone: string) => string;
  readonly timesFrom: (zone: string) => string;
}

const en: Words = {
  results: {
    accepted: 'accepted',
    corrected: 'corrected',
    duplicate: 'duplicate',
    older: 'older',
    rejected: 'rejected',
  },
  wouldBeTaken: 'would be taken',
  row: (row, field, reason) => `Row ${row}, ${field}: ${reason}`,
  read: (stream, rows, said) => `${stream}: ${rows} rows read, ${said}`,
  nothingYet: 'No facts have come in yet',
  sendRows: 'Send rows to POST /api/ingest/transactions, or import a file.',
  filled: (filled, all) => `${filled} of ${all} streams have facts`,
  stream: 'Stream',
  facts: 'Facts',
  lastCame: 'Last came',
  waiting: 'Waiting',
  refused: 'Refused',
  noSuchFacts: (stream) => `${stream} has no such facts`,
  factsOf: (count, stream) => `${count} facts of ${stream}`,
  when: 'When',
  id: 'Id',
  fields: 'Fields',
  newestFirst: 'The newest first; personal fields are masked.',
  noneRefused: 'No row is refused',
  rowsRefused: (count) => `${count} ${count === 1 ? 'row is' : 'rows are'} refused`,
  why: 'Why',
  howToMend: '“ingest replay <id> --set field=value” mends one; “ingest replay all” tries them all again.',
  takenIn: (taken, refused) =>
    refused > 0 ? `${taken} taken in, ${refused} still refused` : `${taken} taken in`,
  fetched: (name, stream) => `“${name}” is fetched into ${stream} from now on`,
  noPulls: 'Nothing is fetched on a schedule; “pull add” begins',
  pulls: (count) => `${count} pulls`,
  pull: 'Pull',
  state: 'State',
  lastTime: 'Last time',
  takenLast: (count) => `${count} taken last`,
  brought: (name, count) => `“${name}” brought ${count} new facts`,
  failed: (name, problem) => `“${name}” failed: ${problem}`,
  pullStates: { active: 'active', paused: 'paused', removed: 'removed' },
  pullNow: (name, status) => `“${name}” is ${status}`,
  madeIds: 'The ids were made from the rows: the same file again changes nothing.',
  leftOut: (columns) => `Columns that were left out: ${columns}.`,
  daysFrom: (zone) => `Days without a time were taken as midnight in ${zone}.`,
  timesFrom: (zone) => `Times without a zone were taken as those of ${zone}.`,
};

const hi: Words = {
  results: {
    accepted: 'नई',
    corrected: 'सुधारी हुई',
    duplicate: 'पहले से मौजूद',
    older: 'पुरानी',
    rejected: 'अस्वीकृत',
  },
  wouldBeTaken: 'जोड़ने लायक',
  row: (row, field, reason) => `पंक्ति ${row}, ${field}: ${reason}`,
  read: (stream, rows, said) =>
    `${stream}: ${rows === 1 ? '1 पंक्ति पढ़ी गई' : `${rows} पंक्तियाँ पढ़ी गईं`}, ${said}`,
  nothingYet: 'अभी तक कोई तथ्य नहीं आया',
  sendRows: 'POST /api/ingest/transactions पर पंक्तियाँ भेजें, या कोई फ़ाइल आयात करें।',
  filled: (filled, all) => `${all} में से ${filled} स्ट्रीम में तथ्य हैं`,
  stream: 'स्ट्रीम',
  facts: 'तथ्य',
  lastCame: 'पिछली बार कब आया',
  waiting: 'बाकी',
  refused: 'अस्वीकृत',
  noSuchFacts: (stream) => `${stream} में ऐसा कोई तथ्य नहीं है`,
  factsOf: (count, stream) => `${stream} ${count === 1 ? 'का' : 'के'} ${count} तथ्य`,
  when: 'कब',
  id: 'ID',
  fields: 'जानकारी',
  newestFirst: 'सबसे नए पहले; निजी जानकारी छिपाई गई है।',
  noneRefused: 'कोई पंक्ति अस्वीकृत नहीं है',
  rowsRefused: (count) => (count === 1 ? '1 पंक्ति अस्वीकृत है' : `${count} पंक्तियाँ अस्वीकृत हैं`),
  why: 'कारण',
  howToMend: [
    'एक को ठीक करने के लिए: ',
    { code: 'ingest replay <id> --set field=value' },
    '; सबको फिर से आज़माने के लिए: ',
    { code: 'ingest replay all' },
  ],
  takenIn: (taken, refused) => {
    const added = taken === 0 ? 'कोई पंक्ति नहीं जुड़ी' : taken === 1 ? '1 पंक्ति जुड़ी' : `${taken} पंक्तियाँ जुड़ीं`;
    return refused > 0 ? `${added}, ${refused} अब भी अस्वीकृत ${refused === 1 ? 'है' : 'हैं'}` : added;
  },
  fetched: (name, stream) => `“${name}” का डेटा अब से ${stream} में नियमित लाया जाएगा`,
  noPulls: ['अभी कुछ भी नियमित नहीं लाया जाता। शुरू करने के लिए लिखें: ', { code: 'pull add' }],
  pulls: (count) => `${count} नियमित आयात`,
  pull: 'नाम',
  state: 'स्थिति',
  lastTime: 'पिछली बार',
  takenLast: (count) => (count === 1 ? '1 नया तथ्य' : `${count} नए तथ्य`),
  brought: (name, count) => {
    if (count === 0) return `“${name}” से कोई नया तथ्य नहीं आया`;
    return count === 1 ? `“${name}” से 1 नया तथ्य आया` : `“${name}” से ${count} नए तथ्य आए`;
  },
  failed: (name, problem) => `“${name}” से डेटा नहीं आ सका: ${problem}`,
  pullStates: { active: 'चालू', paused: 'रुका हुआ', removed: 'हटाया गया' },
  pullNow: (name, status) =>
    ({
      active: `“${name}” फिर से चालू है`,
      paused: `“${name}” अभी रोक दिया गया है`,
      removed: `“${name}” हटा दिया गया`,
    })[status],
  madeIds: 'ID पंक्तियों से बनाई गईं: यही फ़ाइल दोबारा देने पर कुछ नहीं बदलेगा।',
  leftOut: (columns) => `ये कॉलम छोड़ दिए गए: ${columns}।`,
  daysFrom: (zone) => `जिन तारीख़ों में समय नहीं था, उनमें ${zone} की आधी रात मानी गई।`,
  timesFrom: (zone) => `जिन समयों में ज़ोन नहीं था, उन्हें ${zone} का माना गया।`,
};

export const words: Readonly<Record<Language, Words>> = { en, hi };

/** Such as `3 accepted, 1 rejected`: what became of rows, without what did not happen. */
export function countsSaid(counts: RowCounts, language: Language, dryRun = false): string {
  const say = words[language];
  const results: readonly Result[] = ['accepted', 'corrected', 'duplicate', 'older', 'rejected'];
  return results
    .filter((result) => counts[result] > 0)
    .map((result) => {
      const said = dryRun && result === 'accepted' ? say.wouldBeTaken : say.results[result];
      return `${counts[result]} ${said}`;
    })
    .join(', ');
}
