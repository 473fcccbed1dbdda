// What the verbs of webhooks say, in both languages.
import type { WebhookEventStatus } from '../../../models/webhook-inbox.ts';
import type { Language } from '../../core/context.ts';
import type { Text } from '../../core/reply.ts';

interface Words {
  readonly sources: (count: number, dead: number) => string;
  readonly sourceColumns: readonly string[];
  readonly noSecret: string;
  /** @param what its note or its problem; empty where there is none. */
  readonly stands: (id: string, status: WebhookEventStatus, what: string) => Text;
  /** What is noted of a test event. */
  readonly tested: string;
  readonly statuses: Readonly<Record<WebhookEventStatus, string>>;
  readonly source: string;
  readonly received: string;
  readonly attempts: string;
  readonly last: (count: number, source: string) => string;
  readonly eventColumns: readonly string[];
  readonly timesIn: (zone: string) => string;
  readonly howToDeliver: string;
  readonly testStored: (event: string) => Text;
  readonly replayed: (count: number) => string;
  readonly mayDeliver: (name: string, url: string) => Text;
  readonly newSecret: (name: string, hours: number) => Text;
  readonly shownOnce: string;
  readonly becomes: (name: string, to: string) => Text;
  readonly fieldFrom: (field: string, from: string) => string;
  readonly tryIt: (name: string) => Text;
  readonly readAsIs: (name: string) => Text;
  readonly limited: (name: string, perMinute: number) => Text;
  readonly removed: (name: string) => Text;
  readonly staysThough: string;
}

const en: Words = {
  sources: (count, dead) => `${count} webhook sources, ${dead} events given up`,
  sourceColumns: ['Source', 'Signs by', 'Secrets', 'Taken, 7 days', 'Refused', 'Waiting', 'Given up'],
  noSecret: 'none: all is refused',
  stands: (id, status, what) => [{ code: id }, ` is ${status}. ${what}`],
  tested: 'A test: its signature, its shape and its way to here are right.',
  statuses: { received: 'received', done: 'done', dead: 'dead' },
  source: 'Source',
  received: 'Received',
  attempts: 'Attempts',
  last: (count, source) => `The last ${count} events of ${source}`,
  eventColumns: ['When', 'State', 'What', 'Id'],
  timesIn: (zone) => `Times in ${zone}`,
  howToDeliver: 'A sender delivers like this:',
  testStored: (event) => ['The test event is stored: ', { code: event }],
  replayed: (count) => (count === 1 ? '1 event is worked on again' : `${count} events are worked on again`),
  mayDeliver: (name, url) => [{ bold: name }, ' may deliver to ', { code: url }],
  newSecret: (name, hours) => {
    const old = hours === 0 ? 'the old one is ended' : `the old one is taken for ${hours} hours more`;
    return [{ bold: name }, ` has a new secret; ${old}.`];
  },
  shownOnce: 'The secret is shown this once. Give it to the sender as SECRET:',
  becomes: (name, to) => ['Bodies of ', { bold: name }, ` become ${to}.`],
  fieldFrom: (field, from) => `${field} from ${from}`,
  tryIt: (name) => [{ code: `webhook test ${name}` }, ' tries it'],
  readAsIs: (name) => ['Bodies of ', { bold: name }, ' are read as they are.'],
  limited: (name, perMinute) => [{ bold: name }, `: at most ${perMinute} events in a minute are worked on.`],
  removed: (name) => [{ bold: name }, ' may deliver nothing more.'],
  staysThough: 'What it brought stays, and is worked on.',
};

const hi: Words = {
  sources: (count, dead) =>
    dead === 0
      ? `${count} वेबहुक स्रोत, कोई घटना अटकी नहीं है`
      : `${count} वेबहुक स्रोत, ${dead} ${dead === 1 ? 'घटना' : 'घटनाओं'} पर काम नहीं हो सका`,
  sourceColumns: ['स्रोत', 'हस्ताक्षर', 'सीक्रेट', 'ली गईं, 7 दिन', 'अस्वीकृत', 'बाकी', 'काम नहीं हुआ'],
  noSecret: 'कोई नहीं: सब अस्वीकृत होता है',
  stands: (id, status, what) => [{ code: id }, ` – ${hi.statuses[status]}। ${what}`],
  tested: 'जाँच की घटना: हस्ताक्षर, बनावट और यहाँ तक का रास्ता, सब ठीक हैं।',
  statuses: { received: 'काम बाकी है', done: 'काम हो गया', dead: 'काम नहीं हो सका' },
  source: 'स्रोत',
  received: 'कब आई',
  attempts: 'कोशिशें',
  last: (count, source) => {
    if (count === 0) return `${source} से अभी कोई घटना नहीं आई`;
    return count === 1 ? `${source} की पिछली घटना` : `${source} की पिछली ${count} घटनाएँ`;
  },
  eventColumns: ['कब', 'स्थिति', 'क्या हुआ', 'ID'],
  timesIn: (zone) => `समय ${zone} के अनुसार`,
  howToDeliver: 'भेजने वाला ऐसे भेजे:',
  testStored: (event) => ['जाँच की घटना मिल गई: ', { code: event }],
  replayed: (count) => {
    if (count === 0) return 'ऐसी कोई घटना नहीं है जिस पर फिर से काम करना हो';
    return count === 1 ? '1 घटना पर फिर से काम हो रहा है' : `${count} घटनाओं पर फिर से काम हो रहा है`;
  },
  mayDeliver: (name, url) => [{ bold: name }, ' अब इस पते पर घटनाएँ भेज सकता है: ', { code: url }],
  newSecret: (name, hours) => {
    const old = hours === 0 ? 'पुराना अब नहीं चलेगा' : `पुराना ${hours} घंटे और चलेगा`;
    return [{ bold: name }, ` का नया सीक्रेट बन गया; ${old}।`];
  },
  shownOnce: 'सीक्रेट बस इसी बार दिखेगा। भेजने वाले को इसे SECRET के रूप में दें:',
  becomes: (name, to) => [{ bold: name }, ' से आने वाला डेटा अब ', { code: to }, ' के रूप में पढ़ा जाएगा।'],
  fieldFrom: (field, from) => `${field} ← ${from}`,
  tryIt: (name) => ['जाँचने के लिए: ', { code: `webhook test ${name}` }],
  readAsIs: (name) => [{ bold: name }, ' से आने वाला डेटा जैसा है वैसा ही पढ़ा जाएगा।'],
  limited: (name, perMinute) => [{ bold: name }, `: एक मिनट में ज़्यादा से ज़्यादा ${perMinute} घटनाओं पर काम होगा।`],
  removed: (name) => [{ bold: name }, ' से अब कुछ नहीं लिया जाएगा।'],
  staysThough: 'जो आ चुका है वह बना रहेगा, और उस पर काम होगा।',
};

export const words: Readonly<Record<Language, Words>> = { en, hi };
