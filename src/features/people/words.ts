// What the verbs of people say of the team, tokens, sessions and oneself, in both languages.
import type { Language } from '../../core/context.ts';
import type { Role } from '../../core/permissions.ts';
import type { Text } from '../../core/reply.ts';

interface Words {
  readonly onTheTeam: (count: number) => string;
  readonly teamColumns: readonly string[];
  readonly joined: (name: string, role: Role) => Text;
  readonly signInLink: string;
  readonly giveTheLink: string;
  readonly mailedTo: (address: string) => string;
  readonly roleNow: (name: string, role: Role) => Text;
  readonly removed: (name: string) => Text;
  readonly tokenWorks: (name: string, until: string) => Text;
  readonly tokenShownOnce: (id: string) => Text;
  readonly tokens: (count: number) => Text;
  readonly tokenColumns: readonly string[];
  readonly service: (role: Role | null) => string;
  readonly tokenEnded: (name: string) => Text;
  readonly signedIn: (count: number) => string;
  readonly sessionColumns: (zone: string) => readonly string[];
  readonly unknownBrowser: string;
  readonly sessionEnded: string;
  readonly loginOnce: string;
  readonly giveItToNobody: string;
  readonly language: string;
  readonly zone: (zone: string) => string;
}

const en: Words = {
  onTheTeam: (count) => (count === 1 ? 'One person is on the team.' : `${count} people are on the team.`),
  teamColumns: ['Name', 'Role', 'Id'],
  joined: (name, role) => [{ bold: name }, ` is on the team as ${role}.`],
  signInLink: 'Sign-in link',
  giveTheLink: 'Give it to them alone: it works once, within 24 hours.',
  mailedTo: (address) => `It is on its way to ${address} and works once, within 24 hours.`,
  roleNow: (name, role) => [{ bold: name }, ` is ${role} now.`],
  removed: (name) => [{ bold: name }, ' is off the team; their sessions and tokens have ended.'],
  tokenWorks: (name, until) => ['Token ', { bold: name }, ` works until ${until}.`],
  tokenShownOnce: (id) => ['It is shown this once. Revoke it with: ', { code: `token revoke ${id}` }],
  tokens: (count) =>
    count === 0
      ? 'No API token works. This makes one: token create --role viewer'
      : `API tokens that work: ${count}.`,
  tokenColumns: ['Name', 'Acts as', 'Until', 'Id'],
  service: (role) => `${role} service`,
  tokenEnded: (name) => ['Token ', { bold: name }, ' has ended.'],
  signedIn: (count) =>
    count === 0
      ? 'You are signed in nowhere.'
      : `You are signed in ${count === 1 ? 'once' : `${count} times`}.`,
  sessionColumns: (zone) => ['Browser', `Since (${zone})`, 'Id'],
  unknownBrowser: 'unknown',
  sessionEnded: 'That session has ended.',
  loginOnce: 'This signs you in, once, within 24 hours:',
  giveItToNobody: 'Give it to nobody: it opens everything you may do.',
  language: 'You are answered in English.',
  zone: (zone) => `Time zone: ${zone}`,
};

const hi: Words = {
  onTheTeam: (count) => (count === 1 ? 'टीम में एक व्यक्ति है।' : `टीम में ${count} लोग हैं।`),
  teamColumns: ['नाम', 'भूमिका', 'ID'],
  joined: (name, role) => [{ bold: name }, ' अब टीम में हैं; भूमिका: ', { code: role }],
  signInLink: 'साइन-इन लिंक',
  giveTheLink: 'यह लिंक केवल उन्हीं को दें: यह 24 घंटे में एक ही बार चलेगा।',
  mailedTo: (address) => `लिंक ${address} पर भेजा जा रहा है; यह 24 घंटे में एक ही बार चलेगा।`,
  roleNow: (name, role) => [{ bold: name }, ' की भूमिका अब ', { code: role }, ' है।'],
  removed: (name) => [{ bold: name }, ' अब टीम में नहीं हैं; उनके सभी साइन-इन और टोकन बंद कर दिए गए।'],
  tokenWorks: (name, until) => ['टोकन ', { bold: name }, ` ${until} तक चलेगा।`],
  tokenShownOnce: (id) => ['यह बस इसी बार दिखेगा। इसे बंद करने के लिए: ', { code: `token revoke ${id}` }],
  tokens: (count) =>
    count === 0
      ? ['कोई एपीआई टोकन चालू नहीं है। नया बनाने के लिए: ', { code: 'token create --role viewer' }]
      : `चालू एपीआई टोकन: ${count}`,
  tokenColumns: ['नाम', 'किसकी ओर से', 'कब तक', 'ID'],
  service: (role) => `सर्विस (${role})`,
  tokenEnded: (name) => ['टोकन ', { bold: name }, ' बंद कर दिया गया।'],
  signedIn: (count) => (count === 0 ? 'आप कहीं साइन इन नहीं हैं।' : `आप ${count} जगह साइन इन हैं।`),
  sessionColumns: (zone) => ['ब्राउज़र', `कब से (${zone})`, 'ID'],
  unknownBrowser: 'पता नहीं',
  sessionEnded: 'उस ब्राउज़र से साइन आउट कर दिया गया।',
  loginOnce: 'इस लिंक से आप साइन इन कर सकते हैं, 24 घंटे में एक बार:',
  giveItToNobody: 'इसे किसी को न दें: इससे वह सब किया जा सकता है जो आप कर सकते हैं।',
  language: 'अब से आपको हिंदी में जवाब मिलेगा।',
  zone: (zone) => `समय क्षेत्र: ${zone}`,
};

export const words: Readonly<Record<Language, Words>> = { en, hi };
