// What the chat itself says, in English and Hindi: questions, refusals and the words around an error.
import type { Language } from '../src/core/context.ts';
import type { ErrorCode, ErrorKind } from '../src/core/error-catalogue.ts';
import { AppError } from '../src/core/errors.ts';

interface Phrases {
  readonly cancelled: (verb: string) => string;
  readonly abandoned: (verb: string) => string;
  readonly cancelHint: string;
  readonly chooseFrom: (choices: string) => string;
  readonly example: (example: string) => string;
  readonly suchAs: (example: string) => string;
  readonly ask: (label: string) => string;
  readonly confirm: (summary: string) => string;
  readonly yes: (verb: string) => string;
  readonly no: string;
  readonly left: string;
  readonly works: (line: string) => string;
  readonly reference: (id: string) => string;
  readonly unknown: (typed: string) => string;
  readonly meant: string;
  readonly help: string;
  readonly empty: string;
  readonly tooLong: (most: number) => string;
  readonly pressed: (label: string) => string;
  readonly submit: string;
  readonly readAs: string;
  readonly orElse: string;
  readonly sent: (title: string) => string;
  readonly unknownButton: string;
  readonly notYourQuestion: string;
  readonly pressedTooLate: (label: string, until: string) => string;
  readonly closedQuestion: string;
  readonly answeredAlready: (by: string, label: string, at: string) => string;
  readonly goneVerb: (label: string) => string;
}

const en: Phrases = {
  cancelled: (verb) => `“${verb}” is cancelled; nothing was changed.`,
  abandoned: (verb) => `The open question about “${verb}” is dropped.`,
  cancelHint: 'Say “cancel” to stop.',
  chooseFrom: (choices) => `One of: ${choices}.`,
  example: (example) => `For example: ${example}`,
  suchAs: (example) => `for example ${example}`,
  ask: (label) => `What is the ${label}?`,
  confirm: (summary) => `Do this? ${summary}.`,
  yes: (verb) => `Yes, ${verb}`,
  no: 'No, leave it',
  left: 'Left as it is; nothing was changed.',
  works: (line) => `This works: ${line}`,
  reference: (id) => `Reference for staff: ${id}`,
  unknown: (typed) => `There is no verb “${typed}” here.`,
  meant: 'Did you mean:',
  help: 'Say /help to see what you may do.',
  empty: 'That message holds no words. Say /help to see what you may do.',
  tooLong: (most) => `That message is longer than ${most} characters; import a file instead.`,
  pressed: (label) => `Pressed: ${label}`,
  submit: 'Send',
  readAs: 'I read this as:',
  orElse: 'Meant something else?',
  sent: (title) => `Sent the form: ${title}`,
  unknownButton: 'This button is not known here any more.',
  notYourQuestion: 'This question was put to somebody else; only they may answer.',
  pressedTooLate: (label, until) => `“${label}” could be pressed until ${until}.`,
  closedQuestion: 'This question is not open any more.',
  answeredAlready: (by, label, at) => `This was answered already: ${by} pressed “${label}” (${at}).`,
  goneVerb: (label) => `“${label}” is no longer something that can be done.`,
};

const hi: Phrases = {
  cancelled: (verb) => `“${verb}” रद्द किया गया; कुछ नहीं बदला।`,
  abandoned: (verb) => `“${verb}” का खुला सवाल छोड़ दिया गया।`,
  cancelHint: 'रोकने के लिए “cancel” लिखें।',
  chooseFrom: (choices) => `इनमें से एक: ${choices}।`,
  example: (example) => `उदाहरण: ${example}`,
  suchAs: (example) => `जैसे ${example}`,
  ask: (label) => `${label} क्या है?`,
  confirm: (summary) => `क्या यह करना है? ${summary}।`,
  yes: (verb) => `हाँ, ${verb}`,
  no: 'नहीं, रहने दें',
  left: 'जैसा था वैसा ही है; कुछ नहीं बदला।',
  works: (line) => `ऐसे चलेगा: ${line}`,
  reference: (id) => `स्टाफ़ के लिए संदर्भ: ${id}`,
  unknown: (typed) => `“${typed}” नाम का कोई आदेश यहाँ नहीं है।`,
  meant: 'क्या आपका मतलब यह था:',
  help: 'आप क्या कर सकते हैं, यह देखने के लिए /help लिखें।',
  empty: 'इस संदेश में कोई शब्द नहीं है। /help लिखें।',
  tooLong: (most) => `यह संदेश ${most} अक्षरों से लंबा है; फ़ाइल आयात करें।`,
  pressed: (label) => `दबाया: ${label}`,
  submit: 'भेजें',
  readAs: 'मैंने इसे ऐसे पढ़ा:',
  orElse: 'कुछ और मतलब था?',
  sent: (title) => `फ़ॉर्म भेजा: ${title}`,
  unknownButton: 'यह बटन अब यहाँ नहीं चलता।',
  notYourQuestion: 'यह सवाल किसी और से पूछा गया था; जवाब वही दे सकते हैं।',
  pressedTooLate: (label, until) => `“${label}” को ${until} तक ही दबाया जा सकता था।`,
  closedQuestion: 'यह सवाल अब खुला नहीं है।',
  answeredAlready: (by, label, at) => `इसका जवाब पहले ही दिया जा चुका है: ${by} ने “${label}” दबाया (${at})।`,
  goneVerb: (label) => `“${label}” अब नहीं किया जा सकता।`,
};

export const phrases: Readonly<Record<Language, Phrases>> = { en, hi };

/** A refusal of the chat's own, with its words in both languages. */
export function refusalBy(code: ErrorCode, said: (say: Phrases) => string): AppError {
  return new AppError(code, said(en), { inHindi: said(hi) });
}

/** The first line of an error for a Hindi reader; the exact words follow in English, as the schema says them. */
export const errorLeads: Readonly<Record<ErrorKind, string>> = {
  invalid: 'यह आदेश ठीक नहीं पढ़ा जा सका।',
  unauthorized: 'पहले साइन इन करें।',
  forbidden: 'आपकी भूमिका को इसकी अनुमति नहीं है।',
  not_found: 'ऐसा कुछ यहाँ नहीं मिला।',
  conflict: 'स्थिति बदल चुकी है।',
  rate_limited: 'बहुत सारे अनुरोध आए; थोड़ी देर बाद फिर कोशिश करें।',
  unavailable: 'अभी कोई ज़रूरी सेवा जवाब नहीं दे रही।',
  bug: 'हमारी ओर की गड़बड़ी से यह नहीं हो सका।',
};

const cancelWords: ReadonlySet<string> = new Set(['cancel', '/cancel', 'stop', 'रद्द', 'रद्द करें']);

export function isCancel(text: string): boolean {
  return cancelWords.has(text.trim().toLowerCase());
}

/** A moment as its reader's wall clock shows it, such as `21 Nov 2026, 20:15 IST`. */
export function wallClock(at: Date, zone: string): string {
  return new Intl.DateTimeFormat('en-IN', {
    timeZone: zone,
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  }).format(at);
}
