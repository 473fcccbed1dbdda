// What the verbs of alerts answer, and what is said to somebody who is called, in both languages.
import type { AlertGroup } from '../../../models/alert-group.ts';
import type { Language } from '../../core/context.ts';
import type { Text } from '../../core/reply.ts';

interface Words {
  readonly several: (count: number, group: string) => string;
  readonly times: (title: string, count: number) => string;
  readonly youAreNext: (length: string) => string;
  readonly everybodyIsCalled: (length: string) => string;
  readonly open: string;
  readonly acknowledge: string;
  readonly assignToMe: string;
  readonly silence: string;
  readonly endTheSilence: string;
  readonly acknowledged: (by: string | null) => string;
  readonly assigned: (to: string | null) => string;
  readonly silentUntil: (until: string, zone: string) => string;
  readonly heardAgain: string;
  readonly over: string;
  readonly severity: string;
  readonly acknowledgedLabel: string;
  readonly assigneeLabel: string;
  readonly by: (name: string) => string;
  readonly byNobody: string;
  readonly since: string;
  readonly states: Readonly<Record<AlertGroup['status'], string>>;
  readonly nothingIsWrong: string;
  readonly noneSuch: string;
  readonly listed: (total: number, onlyOpen: boolean) => string;
  readonly listColumns: readonly string[];
  readonly nobody: string;
  readonly hint: Text;
  readonly what: string;
  readonly state: string;
  readonly timesLabel: string;
  readonly raised: (title: string) => Text;
  readonly countedOnceMore: (title: string) => Text;
  readonly cardFollows: string;
  readonly calls: (names: readonly string[]) => string;
  readonly quietHours: string;
  readonly noQuietHours: string;
  readonly quiet: (hours: string) => string;
}

const en: Words = {
  several: (count, group) => `${count} alerts: ${group}`,
  times: (title, count) => `${title} (${count} times)`,
  youAreNext: (length) => `You are next: nobody has acknowledged it for ${length}.`,
  everybodyIsCalled: (length) => `Everybody is called: nobody has acknowledged it for ${length}.`,
  open: 'Open',
  acknowledge: 'Acknowledge',
  assignToMe: 'Assign to me',
  silence: 'Silence …',
  endTheSilence: 'End the silence',
  acknowledged: (by) => `acknowledged by ${by ?? 'somebody'}; nobody is called any more.`,
  assigned: (to) => `${to ?? 'somebody'} looks after it.`,
  silentUntil: (until, zone) => `silent until ${until} (${zone}). It goes on being counted.`,
  heardAgain: 'heard again.',
  over: 'over. What is still wrong fires again when it is noticed.',
  severity: 'Severity',
  acknowledgedLabel: 'Acknowledged',
  assigneeLabel: 'Looked after',
  by: (name) => `by ${name}`,
  byNobody: 'by nobody',
  since: 'Since',
  states: { waiting: 'waiting', firing: 'firing', resolved: 'resolved' },
  nothingIsWrong: 'Nothing is wrong that I know of.',
  noneSuch: 'There is no such alert.',
  listed: (total, onlyOpen) => `${total} ${total === 1 ? 'alert' : 'alerts'}${onlyOpen ? ' open' : ''}.`,
  listColumns: ['Alert', 'Severity', 'For', 'Who', 'Id'],
  nobody: 'nobody',
  hint: 'ack <id> says that you know; alert silence <id> 4h ends the noise.',
  what: 'What',
  state: 'State',
  timesLabel: 'Times',
  raised: (title) => ['Raised: ', { bold: title }],
  countedOnceMore: (title) => ['Counted once more: ', { bold: title }],
  cardFollows: 'In 30 seconds its card is shown.',
  calls: (names) =>
    `Critical alerts that nobody acknowledges within 15 minutes call ${names.join(', then ') || 'nobody'}, then everybody.`,
  quietHours: 'Quiet hours',
  noQuietHours: 'none',
  quiet: (hours) => `${hours} for small ones`,
};

const hi: Words = {
  several: (count, group) => `${count} चेतावनियाँ: ${group}`,
  times: (title, count) => `${title} (${count} बार)`,
  youAreNext: (length) => `अब आपकी बारी है: इसे अब तक किसी ने नहीं देखा (${length})।`,
  everybodyIsCalled: (length) => `सबको बुलाया जा रहा है: इसे अब तक किसी ने नहीं देखा (${length})।`,
  open: 'खोलें',
  acknowledge: 'देख लिया',
  assignToMe: 'मुझे सौंपें',
  silence: 'चुप करें …',
  endTheSilence: 'चुप्पी हटाएँ',
  acknowledged: (by) => `${by ?? 'किसी'} ने इसे देख लिया है; अब किसी और को नहीं बुलाया जाएगा।`,
  assigned: (to) => (to === null ? 'इसकी ज़िम्मेदारी ले ली गई है।' : `अब इसकी ज़िम्मेदारी ${to} की है।`),
  silentUntil: (until, zone) => `${until} (${zone}) तक इसकी सूचना नहीं आएगी; गिनती चलती रहेगी।`,
  heardAgain: 'अब इसकी सूचना फिर से आएगी।',
  over: 'समाप्त कर दी गई। अगर गड़बड़ अब भी बाकी है, तो दिखते ही चेतावनी फिर आएगी।',
  severity: 'गंभीरता',
  acknowledgedLabel: 'किसने देखा',
  assigneeLabel: 'ज़िम्मेदारी',
  by: (name) => name,
  byNobody: 'किसी की नहीं',
  since: 'कब से',
  states: { waiting: 'अभी आई', firing: 'जारी', resolved: 'समाप्त' },
  nothingIsWrong: 'मेरी जानकारी में अभी कोई गड़बड़ नहीं है।',
  noneSuch: 'ऐसी कोई चेतावनी नहीं है।',
  listed: (total, onlyOpen) => {
    const count = `${total} ${total === 1 ? 'चेतावनी' : 'चेतावनियाँ'}`;
    return onlyOpen ? `${count} खुली ${total === 1 ? 'है' : 'हैं'}।` : `${count}।`;
  },
  listColumns: ['चेतावनी', 'गंभीरता', 'कितनी देर से', 'किसके पास', 'ID'],
  nobody: 'कोई नहीं',
  hint: [
    { code: 'ack <id>' },
    ' से बताएँ कि आपने देख लिया; ',
    { code: 'alert silence <id> 4h' },
    ' से कुछ देर चुप करें।',
  ],
  what: 'क्या',
  state: 'स्थिति',
  timesLabel: 'कितनी बार',
  raised: (title) => ['चेतावनी दर्ज हुई: ', { bold: title }],
  countedOnceMore: (title) => ['एक बार और गिनी गई: ', { bold: title }],
  cardFollows: 'इसका कार्ड 30 सेकंड में दिखेगा।',
  calls: (names) => {
    const order = names.map((name, at) => `${at === 0 ? 'पहले' : 'फिर'} ${name} को`).join(', ');
    const called = order === '' ? 'सबको बुलाया जाता है' : `${order} बुलाया जाता है, और अंत में सबको`;
    return `जिस critical चेतावनी को 15 मिनट तक कोई नहीं देखता, उसके लिए ${called}।`;
  },
  quietHours: 'शांति का समय',
  noQuietHours: 'कोई नहीं',
  quiet: (hours) => `${hours}, छोटी चेतावनियों के लिए`,
};

export const words: Readonly<Record<Language, Words>> = { en, hi };
