// What the answers and cards of requests say around their sentences, in both languages.
import type { ApprovalState } from '../../core/approval.ts';
import type { Language } from '../../core/context.ts';
import type { Role } from '../../core/permissions.ts';
import type { Span, Text } from '../../core/reply.ts';
import type { ApprovalView } from './lookup.ts';

interface Words {
  readonly state: Readonly<Record<ApprovalState, string>>;
  readonly approve: string;
  readonly reject: string;
  readonly askedBy: string;
  readonly theProtocol: string;
  readonly votes: string;
  readonly until: string;
  readonly voters: (progress: string, eligible: number, role: Role) => Text;
  readonly payload: string;
  /** How to see it again, behind its id. */
  readonly toSee: (short: string) => readonly Span[];
  /** The end of a sentence. */
  readonly stop: string;
  readonly counts: (title: string) => string;
  readonly notBefore: (sentence: string) => string;
  readonly asked: (title: string) => string;
  readonly nothingDone: (sentence: string) => string;
  readonly scarce: (eligible: number, needed: number, short: string) => Text;
  readonly none: Readonly<Record<ApprovalView, string>>;
  readonly counted: (total: number, open: number) => string;
  readonly columns: readonly string[];
  readonly share: (given: number, needed: number) => string;
  readonly howTo: Text;
}

const english: Words = {
  state: {
    open: 'open',
    approved: 'approved',
    executing: 'executing',
    done: 'done',
    failed: 'failed',
    rejected: 'rejected',
    expired: 'expired',
    withdrawn: 'withdrawn',
    stale: 'stale',
  },
  approve: 'Approve',
  reject: 'Reject',
  askedBy: 'Asked by',
  theProtocol: 'the protocol',
  votes: 'Votes',
  until: 'Until',
  voters: (progress, eligible, role) =>
    `${progress}; ${eligible === 1 ? '1 person can vote' : `${eligible} people can vote`} (from ${role} up)`,
  payload: ' · payload ',
  toSee: (short) => [` · approval show ${short}`],
  stop: '.',
  counts: (title) => `Your vote counts: ${title}`,
  notBefore: (sentence) => `${sentence}. Nothing is done before.`,
  asked: (title) => `Asked for approval: ${title}`,
  nothingDone: (sentence) => `Nothing is done yet. ${sentence}.`,
  scarce: (eligible, needed, short) =>
    eligible === 0
      ? `Nobody else can approve it. If nobody but you can: /approve ${short} --confirm ${short}`
      : `Only ${eligible} of the ${needed} people it needs can approve it: an admin can give others the role.`,
  none: {
    waiting: 'Nothing waits for you',
    open: 'Nothing waits for approval',
    decided: 'Nothing was decided yet',
    all: 'Nothing was ever asked',
  },
  counted: (total, open) => `${total === 1 ? '1 request' : `${total} requests`}, ${open} to decide`,
  columns: ['Id', 'Request', 'Asked by', 'Votes', 'How it stands'],
  share: (given, needed) => `${given} of ${needed}`,
  howTo: '/approve <id> [note] · /reject <id> <reason>',
};

const hindi: Words = {
  state: {
    open: 'खुला',
    approved: 'मंज़ूर',
    executing: 'लागू हो रहा है',
    done: 'लागू हो गया',
    failed: 'लागू नहीं हो सका',
    rejected: 'नामंज़ूर',
    expired: 'समय निकल गया',
    withdrawn: 'वापस लिया गया',
    stale: 'अब लागू नहीं होता',
  },
  approve: 'मंज़ूर करें',
  reject: 'नामंज़ूर करें',
  askedBy: 'किसने माँगा',
  theProtocol: 'प्रोटोकॉल',
  votes: 'मत',
  until: 'कब तक',
  voters: (progress, eligible, role) => [
    `${progress}; ${eligible === 1 ? '1 व्यक्ति मत दे सकता है' : `${eligible} लोग मत दे सकते हैं`} (`,
    { code: role },
    ' या उससे ऊपर)',
  ],
  payload: ' · पेलोड ',
  toSee: (short) => [' · ', { code: `approval show ${short}` }],
  stop: '।',
  counts: (title) => `आपका मत गिन लिया गया: ${title}`,
  notBefore: (sentence) => `${sentence}। उससे पहले कुछ नहीं किया जाएगा।`,
  asked: (title) => `मंज़ूरी माँगी गई: ${title}`,
  nothingDone: (sentence) => `अभी कुछ नहीं किया गया है। ${sentence}।`,
  scarce: (eligible, needed, short) =>
    eligible === 0
      ? [
          'कोई और इसे मंज़ूर नहीं कर सकता। अगर केवल आप ही कर सकते हैं: ',
          { code: `/approve ${short} --confirm ${short}` },
        ]
      : `इसके लिए ${needed} लोग चाहिए, पर केवल ${eligible} मंज़ूर कर सकते हैं: कोई एडमिन औरों को भूमिका दे सकता है।`,
  none: {
    waiting: 'आपके लिए कुछ बाकी नहीं है',
    open: 'मंज़ूरी के इंतज़ार में कुछ नहीं है',
    decided: 'अभी तक कोई फ़ैसला नहीं हुआ',
    all: 'अभी तक कोई मंज़ूरी नहीं माँगी गई',
  },
  counted: (total, open) => `${total} अनुरोध, ${open} पर फ़ैसला बाकी`,
  columns: ['Id', 'अनुरोध', 'किसने माँगा', 'मत', 'स्थिति'],
  share: (given, needed) => `${needed} में से ${given}`,
  howTo: [{ code: '/approve <id> [note]' }, ' · ', { code: '/reject <id> <reason>' }],
};

export const words: Readonly<Record<Language, Words>> = { en: english, hi: hindi };
