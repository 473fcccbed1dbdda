// What is said to somebody of their chat accounts: who they are here, linking one, parting it again.
import type { Language } from '../../core/context.ts';
import type { Role } from '../../core/permissions.ts';
import type { Text } from '../../core/reply.ts';

interface Words {
  readonly seenAs: (name: string, id: string) => Text;
  readonly howToLink: string;
  readonly askForInvitation: string;
  readonly youAre: (name: string, role: Role) => Text;
  readonly tenant: string;
  readonly zone: string;
  readonly language: string;
  readonly accounts: string;
  readonly mayColumns: readonly string[];
  readonly sayAtTheOtherSide: string;
  readonly otherSideIsHere: string;
  readonly otherSideIsChat: string;
  readonly isItYours: (platform: string, name: string, account: string) => Text;
  readonly ifItIsNot: string;
  readonly itIsMine: string;
  readonly actsFor: (platform: string, account: string, name: string) => Text;
  readonly partItAgain: string;
  readonly parted: (platform: string, account: string) => string;
}

const en: Words = {
  seenAs: (name, id) => [
    'I see you as ',
    { bold: name },
    ' (',
    { code: id },
    '), and know nobody of the team by that.',
  ],
  howToLink: 'On the team already? Say /link in the console, and send me the code: /link <code>.',
  askForInvitation: 'Otherwise ask somebody on the team to invite you.',
  youAre: (name, role) => ['You are ', { bold: name }, `, ${role}.`],
  tenant: 'tenant',
  zone: 'zone',
  language: 'language',
  accounts: 'Chat accounts that act for you:',
  mayColumns: ['You may', 'Permission'],
  sayAtTheOtherSide: 'Say this at the other side within ten minutes:',
  otherSideIsHere:
    'The other side is where you are signed in, such as the console. It works once; give it to nobody.',
  otherSideIsChat:
    'The other side is your Slack or Telegram, in a message to me. It works once; give it to nobody.',
  isItYours: (platform, name, account) => [
    `Is the ${platform} account `,
    { bold: name },
    ' (',
    { code: account },
    ') yours?',
  ],
  ifItIsNot: 'It will act for you, with all your rights. If somebody sent you this code, it is not yours.',
  itIsMine: 'Yes, it is mine',
  actsFor: (platform, account, name) => [
    `The ${platform} account `,
    { code: account },
    ' now acts for ',
    { bold: name },
    '.',
  ],
  partItAgain: 'Part it again: /unlink. What you may do: /me and /help.',
  parted: (platform, account) => `The ${platform} account ${account} acts for you no more.`,
};

const hi: Words = {
  seenAs: (name, id) => [
    'यहाँ आपका खाता ',
    { bold: name },
    ' (',
    { code: id },
    ') है, पर टीम में यह किसी से जुड़ा नहीं है।',
  ],
  howToLink: 'क्या आप पहले से टीम में हैं? कंसोल में /link लिखें, और मिला हुआ कोड मुझे भेजें: /link <code>',
  askForInvitation: 'नहीं तो टीम में किसी से कहें कि वे आपको बुलाएँ।',
  youAre: (name, role) => ['आप ', { bold: name }, ' हैं, और आपकी भूमिका ', { code: role }, ' है।'],
  tenant: 'संगठन',
  zone: 'समय क्षेत्र',
  language: 'भाषा',
  accounts: 'आपकी ओर से ये चैट खाते काम कर सकते हैं:',
  mayColumns: ['आप क्या कर सकते हैं', 'अनुमति'],
  sayAtTheOtherSide: 'दस मिनट के भीतर दूसरी तरफ़ यह लिखें:',
  otherSideIsHere: 'दूसरी तरफ़ यानी जहाँ आप साइन इन हैं, जैसे कंसोल। यह एक ही बार चलेगा; इसे किसी को न दें।',
  otherSideIsChat: 'दूसरी तरफ़ यानी आपका Slack या Telegram, मुझे भेजे संदेश में। यह एक ही बार चलेगा; इसे किसी को न दें।',
  isItYours: (platform, name, account) => [
    `क्या ${platform} खाता `,
    { bold: name },
    ' (',
    { code: account },
    ') आपका है?',
  ],
  ifItIsNot:
    'यह आपके सभी अधिकारों के साथ आपकी ओर से काम करेगा। अगर यह कोड आपको किसी और ने भेजा है, तो यह खाता आपका नहीं है।',
  itIsMine: 'हाँ, मेरा है',
  actsFor: (platform, account, name) => [
    `${platform} खाता `,
    { code: account },
    ' अब ',
    { bold: name },
    ' की ओर से काम करेगा।',
  ],
  partItAgain: 'इसे अलग करने के लिए: /unlink. आप क्या कर सकते हैं: /me और /help.',
  parted: (platform, account) => `${platform} खाता ${account} अब आपकी ओर से काम नहीं करेगा।`,
};

export const identityWords: Readonly<Record<Language, Words>> = { en, hi };
