// What the verbs of endpoints say, in both languages.
import type { RowStatus } from '../../../models/outbox-row.ts';
import type { Language } from '../../core/context.ts';
import type { Text } from '../../core/reply.ts';
import type { EndpointView } from './views.ts';

interface Words {
  readonly shown: (host: string, id: string) => Text;
  readonly begun: (host: string) => Text;
  readonly newSecret: (host: string) => Text;
  readonly shownOnce: string;
  readonly testOnItsWay: (host: string) => Text;
  readonly enabled: (host: string) => Text;
  readonly disabled: (host: string) => Text;
  readonly removed: (host: string) => Text;
  readonly sentAgain: (count: number) => string;
  readonly nowhere: Text;
  readonly standing: (count: number, inTrouble: number) => string;
  readonly where: string;
  readonly kind: string;
  readonly gets: string;
  readonly state: string;
  readonly breaker: string;
  readonly waiting: string;
  readonly givenUp: string;
  readonly id: string;
  readonly when: string;
  readonly event: string;
  readonly tried: string;
  readonly why: string;
  readonly timesIn: (zone: string) => string;
  readonly nothingSent: string;
  readonly well: string;
  readonly resting: string;
  readonly failing: string;
  readonly all: string;
  readonly meantForIt: string;
  readonly statuses: Readonly<Record<EndpointView['status'], string>>;
  readonly breakers: Readonly<Record<EndpointView['breaker'], string>>;
  readonly deliveries: Readonly<Record<RowStatus, string>>;
}

const en: Words = {
  shown: (host, id) => [{ bold: host }, ' ', { code: id }],
  begun: (host) => ['Events are sent to ', { bold: host }, ' from now on.'],
  newSecret: (host) => ['New secret of ', { bold: host }],
  shownOnce: 'It signs what is sent (Standard Webhooks), and is shown this once. ',
  testOnItsWay: (host) => ['A test event is on its way to ', { bold: host }, '.'],
  enabled: (host) => [{ bold: host }, ' gets events again.'],
  disabled: (host) => [{ bold: host }, ' gets no more events.'],
  removed: (host) => [{ bold: host }, ' is removed.'],
  sentAgain: (count) => (count === 1 ? '1 event is sent again' : `${count} events are sent again`),
  nowhere: 'Events are sent nowhere yet. This begins it: endpoint add https://hooks.example.com/wardroom',
  standing: (count, inTrouble) => `${count} endpoints, ${inTrouble} in trouble`,
  where: 'Where',
  kind: 'Kind',
  gets: 'Gets',
  state: 'State',
  breaker: 'Breaker',
  waiting: 'Waiting',
  givenUp: 'Given up',
  id: 'Id',
  when: 'When',
  event: 'Event',
  tried: 'Tried',
  why: 'Why',
  timesIn: (zone) => `Times in ${zone}`,
  nothingSent: 'Nothing was sent yet',
  well: 'well',
  resting: 'resting',
  failing: 'failing',
  all: 'all',
  meantForIt: 'what is meant for it',
  statuses: { active: 'active', disabled: 'disabled', removed: 'removed' },
  breakers: { closed: 'closed', open: 'open', 'half open': 'half open' },
  deliveries: { waiting: 'waiting', sent: 'sent', dead: 'dead', stale: 'stale' },
};

const hi: Words = {
  shown: (host, id) => ['पता ', { bold: host }, ' ', { code: id }],
  begun: (host) => ['अब से घटनाएँ ', { bold: host }, ' पर भेजी जाएँगी।'],
  newSecret: (host) => [{ bold: host }, ' का नया सीक्रेट'],
  shownOnce: 'भेजी जाने वाली हर घटना पर इसी से हस्ताक्षर होगा (Standard Webhooks); यह बस इसी बार दिखेगा। ',
  testOnItsWay: (host) => ['जाँच की एक घटना ', { bold: host }, ' पर भेजी जा रही है।'],
  enabled: (host) => [{ bold: host }, ' पर घटनाएँ फिर से भेजी जाएँगी।'],
  disabled: (host) => [{ bold: host }, ' पर अब कोई घटना नहीं भेजी जाएगी।'],
  removed: (host) => [{ bold: host }, ' हटा दिया गया।'],
  sentAgain: (count) => {
    if (count === 0) return 'फिर से भेजने के लिए कुछ नहीं है';
    return count === 1 ? '1 घटना फिर से भेजी जा रही है' : `${count} घटनाएँ फिर से भेजी जा रही हैं`;
  },
  nowhere: [
    'अभी घटनाएँ कहीं नहीं भेजी जातीं। शुरू करने के लिए लिखें: ',
    { code: 'endpoint add https://hooks.example.com/wardroom' },
  ],
  standing: (count, inTrouble) =>
    `${count} ${count === 1 ? 'पता' : 'पते'}, ${inTrouble === 0 ? 'कोई समस्या नहीं' : `${inTrouble} में समस्या`}`,
  where: 'कहाँ',
  kind: 'प्रकार',
  gets: 'क्या मिलता है',
  state: 'स्थिति',
  breaker: 'ब्रेकर',
  waiting: 'बाकी',
  givenUp: 'नहीं पहुँचीं',
  id: 'ID',
  when: 'कब',
  event: 'घटना',
  tried: 'कोशिशें',
  why: 'कारण',
  timesIn: (zone) => `समय ${zone} के अनुसार`,
  nothingSent: 'अभी तक कुछ नहीं भेजा गया',
  well: 'ठीक',
  resting: 'भेजना कुछ देर रुका है',
  failing: 'नहीं पहुँच रहा',
  all: 'सब',
  meantForIt: 'जो इसके लिए है',
  statuses: { active: 'चालू', disabled: 'बंद', removed: 'हटाया गया' },
  breakers: { closed: 'सामान्य', open: 'रुका हुआ', 'half open': 'परख रहा है' },
  deliveries: { waiting: 'बाकी', sent: 'पहुँची', dead: 'नहीं पहुँची', stale: 'पुरानी हो गई' },
};

export const words: Readonly<Record<Language, Words>> = { en, hi };
