// What the verbs of mail say in both languages, how the states of mails read, and which of them ask for somebody.
import type { MailState } from '../../../models/mail-state.ts';
import type { SuppressionHolder } from '../../../models/suppression.ts';
import type { Language } from '../../core/context.ts';
import type { Status, Text } from '../../core/reply.ts';

interface Words {
  readonly states: Readonly<Record<MailState, string>>;
  readonly givenUp: string;
  readonly wordsGone: string;
  readonly emptied: (day: string) => string;
  readonly recorded: string;
  readonly holders: Readonly<Record<SuppressionHolder, string>>;
  readonly stands: (subject: string, state: string) => Text;
  readonly to: string;
  readonly from: string;
  readonly template: string;
  readonly testing: (to: string) => Text;
  readonly resending: (to: string) => Text;
  readonly nobodyHeld: string;
  readonly held: (count: number) => string;
  readonly heldColumns: readonly [address: string, heldBy: string, why: string];
  readonly heldNow: (address: string) => Text;
  readonly heldNoMore: (address: string) => Text;
  readonly noneYet: Text;
  readonly noneIn: (state: MailState) => string;
  readonly mailColumns: readonly [to: string, subject: string, state: string, why: string, id: string];
  readonly mails: (total: number, shown: number) => string;
}

const en: Words = {
  states: {
    queued: 'waiting',
    sent: 'sent',
    delivery_delayed: 'delayed',
    delivered: 'delivered',
    bounced: 'bounced',
    complained: 'complained about',
    failed: 'failed',
    suppressed: 'held back',
  },
  givenUp: 'given up',
  wordsGone: '(words no longer kept)',
  emptied: (day) => `Its words were emptied on ${day}.`,
  recorded: 'recorded, not sent',
  holders: { provider: 'the provider', staff: 'the team', reader: 'its reader, from marketing' },
  stands: (subject, state) => [{ bold: subject }, ` is ${state}.`],
  to: 'to',
  from: 'from',
  template: 'template',
  testing: (to) => ['A test mail is on its way to ', { bold: to }, '.'],
  resending: (to) => ['The mail is sent once more to ', { bold: to }, '.'],
  nobodyHeld: 'Every address gets mail: none bounced, complained or was taken off.',
  held: (count) => (count === 1 ? '1 address gets no mail' : `${count} addresses get no mail`),
  heldColumns: ['Address', 'Held by', 'Why'],
  heldNow: (address) => [{ bold: address }, ' gets no more mail.'],
  heldNoMore: (address) => [{ bold: address }, ' gets mail again.'],
  noneYet: 'No mail was written yet. This sends one: mail test asha@example.com',
  noneIn: (state) => `No mail is ${state.replaceAll('_', ' ')}.`,
  mailColumns: ['To', 'Subject', 'State', 'Why', 'Id'],
  mails: (total, shown) => {
    if (total === 1) return '1 mail';
    return total === shown ? `${total} mails` : `${total} mails; these are the newest ${shown}`;
  },
};

const hi: Words = {
  states: {
    queued: 'भेजा जाना बाकी',
    sent: 'भेजा गया',
    delivery_delayed: 'पहुँचने में देरी',
    delivered: 'पहुँच गया',
    bounced: 'वापस लौटा (bounced)',
    complained: 'स्पैम बताया गया',
    failed: 'नहीं भेजा जा सका',
    suppressed: 'रोका गया',
  },
  givenUp: 'भेजने की कोशिश बंद',
  wordsGone: '(शब्द अब नहीं रखे गए)',
  emptied: (day) => `इसके शब्द ${day} को मिटाए गए।`,
  recorded: 'दर्ज हुआ, भेजा नहीं गया',
  holders: {
    provider: 'मेल भेजने वाली सेवा',
    staff: 'टीम',
    reader: 'पाने वाले ने, मार्केटिंग के लिए',
  },
  stands: (subject, state) => [{ bold: subject }, ` – स्थिति: ${state}`],
  to: 'किसे',
  from: 'किससे',
  template: 'टेम्पलेट',
  testing: (to) => ['जाँच का मेल ', { bold: to }, ' को भेजा जा रहा है।'],
  resending: (to) => ['मेल ', { bold: to }, ' को फिर से भेजा जा रहा है।'],
  nobodyHeld: 'सभी पतों पर मेल जाता है: न कोई मेल लौटा, न शिकायत आई, न किसी पते को हटाया गया।',
  held: (count) => (count === 1 ? '1 पते पर मेल नहीं भेजा जाता' : `${count} पतों पर मेल नहीं भेजा जाता`),
  heldColumns: ['पता', 'किसने रोका', 'कारण'],
  heldNow: (address) => [{ bold: address }, ' को अब मेल नहीं भेजा जाएगा।'],
  heldNoMore: (address) => [{ bold: address }, ' को फिर से मेल भेजा जाएगा।'],
  noneYet: ['अभी तक कोई मेल नहीं लिखा गया। जाँच के लिए एक भेजें: ', { code: 'mail test asha@example.com' }],
  noneIn: (state) => `इस स्थिति में कोई मेल नहीं है: ${hi.states[state]}।`,
  mailColumns: ['किसे', 'विषय', 'स्थिति', 'कारण', 'ID'],
  mails: (total, shown) => (total === shown ? `${total} मेल` : `${total} मेल; सबसे नए ${shown} ये हैं`),
};

export const words: Readonly<Record<Language, Words>> = { en, hi };

const marks: Readonly<Record<MailState, Status>> = {
  queued: 'look',
  sent: 'ok',
  delivery_delayed: 'look',
  delivered: 'ok',
  bounced: 'act',
  complained: 'act',
  failed: 'act',
  suppressed: 'look',
};

interface Standing {
  readonly state: MailState;
  readonly provider: string | null;
  readonly givenUp: boolean;
}

/** A mail that nobody carries says so: recorded is not sent. */
export function stateWords({ state, provider, givenUp }: Standing, language: Language): string {
  const say = words[language];
  if (givenUp) return say.givenUp;
  return state === 'sent' && provider === 'mock' ? say.recorded : say.states[state];
}

/** The subject, or, where the words were emptied for their age, that they were. */
export const subjectWords = (
  { subject, emptiedAt }: { readonly subject: string; readonly emptiedAt: unknown },
  language: Language,
): string => (emptiedAt === null ? subject : words[language].wordsGone);

export const stateMark = ({ state, givenUp }: Pick<Standing, 'state' | 'givenUp'>): Status =>
  givenUp ? 'act' : marks[state];
