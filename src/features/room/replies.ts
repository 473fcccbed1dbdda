// How help and reasons read: the example first, then what it means, then what may be given.
import type { Language } from '../../core/context.ts';
import type { Role } from '../../core/permissions.ts';
import {
  type Block,
  context,
  fields,
  list,
  type Reply,
  reply,
  type Span,
  type Text,
  text,
  withStatus,
} from '../../core/reply.ts';
import type { Argument, Holder, Reason, VerbGroup, VerbHelp } from './service.ts';

type Told<T> = Omit<T, 'permission'> & { readonly permission: string };

interface Words {
  /** What ends a sentence. */
  readonly stop: string;
  readonly mayRun: (count: number, role: Role) => string;
  readonly begin: (count: number, about: string) => string;
  readonly one: string;
  readonly arguments: string;
  readonly required: string;
  readonly alsoSaid: string;
  readonly needs: string;
  readonly asksFirst: string;
  readonly approvers: (permission: string) => string;
  readonly preset: string;
  readonly oneOf: string;
  readonly example: string;
  readonly more: string;
  readonly may: (reason: Told<Reason>) => string;
  readonly mayNot: (reason: Told<Reason>) => string;
  readonly whoHolds: string;
  readonly whoGrants: string;
  readonly nobody: string;
}

const words: Readonly<Record<Language, Words>> = {
  en: {
    stop: '.',
    mayRun: (count, role) => `You may run ${count} verbs as ${role}.`,
    begin: (count, about) => `${count} of your verbs begin with “${about}”.`,
    one: 'Say /help and a verb for its arguments.',
    arguments: 'Arguments',
    required: 'required',
    alsoSaid: 'Also said',
    needs: 'Needs',
    asksFirst: 'It asks once more before it does anything.',
    approvers: (permission) => `It only asks: people who hold ${permission} must approve it first.`,
    preset: 'else',
    oneOf: 'one of',
    example: 'such as',
    more: 'More examples',
    may: ({ verb, role, permission, allows }) =>
      `You may run “${verb}”: your role ${role} holds ${permission} (to ${allows}).`,
    mayNot: ({ verb, role, permission, allows, leastRole, forPeopleAlone }) =>
      `You may not run “${verb}”: it needs ${permission} (to ${allows}), which ${leastRole}s hold` +
      `${forPeopleAlone ? ' and service accounts never do' : ''}; your role is ${role}.`,
    whoHolds: 'Who can run it',
    whoGrants: 'Who can change your role',
    nobody: 'nobody yet',
  },
  hi: {
    stop: '।',
    mayRun: (count, role) => `${role} के रूप में आप ${count} आदेश चला सकते हैं।`,
    begin: (count, about) => `आपके ${count} आदेश “${about}” से शुरू होते हैं।`,
    one: 'किसी आदेश के बारे में जानने के लिए /help और आदेश लिखें।',
    arguments: 'क्या देना है',
    required: 'ज़रूरी',
    alsoSaid: 'ऐसे भी कहें',
    needs: 'अनुमति',
    asksFirst: 'कुछ करने से पहले यह एक बार फिर पूछता है।',
    approvers: (permission) => `यह केवल माँग करता है: पहले ${permission} वाले लोग मंज़ूर करें।`,
    preset: 'वरना',
    oneOf: 'इनमें से',
    example: 'जैसे',
    more: 'और उदाहरण',
    may: ({ verb, role, permission }) =>
      `आप “${verb}” चला सकते हैं: आपकी भूमिका ${role} को ${permission} की अनुमति है।`,
    mayNot: ({ verb, role, permission, leastRole }) =>
      `आप “${verb}” नहीं चला सकते: इसके लिए ${permission} चाहिए, जो ${leastRole} के पास है; आपकी भूमिका ${role} है।`,
    whoHolds: 'कौन चला सकता है',
    whoGrants: 'आपकी भूमिका कौन बदल सकता है',
    nobody: 'अभी कोई नहीं',
  },
};

/** @param about what the verbs begin with; undefined for all of them. */
export function overviewReply(
  groups: readonly VerbGroup[],
  about: string | undefined,
  role: Role,
  language: Language,
): Reply {
  const say = words[language];
  const count = groups.reduce((sum, group) => sum + group.verbs.length, 0);
  const blocks = groups.flatMap(({ noun, verbs }): Block[] => [
    text([{ bold: noun }]),
    list(verbs.map(({ example, summary }): Text => [{ code: `/${example}` }, ` – ${summary}`])),
  ]);
  const fact = about === undefined ? say.mayRun(count, role) : say.begin(count, about);
  return reply(fact, ...blocks, context(say.one));
}

export function helpReply(verb: Told<VerbHelp>, language: Language): Reply {
  const say = words[language];
  const [first = verb.verb, ...others] = verb.examples;
  const blocks: Block[] = [text(`${verb.summary}${say.stop}`)];
  if (verb.arguments.length > 0) {
    const lines = verb.arguments.map((argument) => argumentText(argument, say));
    blocks.push(text([{ bold: say.arguments }]), list(lines));
  }
  if (others.length > 0)
    blocks.push(text([{ bold: say.more }]), list(others.map((line): Text => [{ code: `/${line}` }])));
  const also =
    verb.aliases.length > 0 ? { [say.alsoSaid]: verb.aliases.map((alias) => `/${alias}`).join(', ') } : {};
  blocks.push(fields({ ...also, [say.needs]: verb.permission }));
  if (verb.asksFirst) blocks.push(context(say.asksFirst));
  if (verb.approvers) blocks.push(context(say.approvers(verb.approvers)));
  return reply([{ code: `/${first}` }], ...blocks);
}

function argumentText(argument: Argument, say: Words): Text {
  const { flag, meaning, required, choices, preset, example } = argument;
  const notes = [
    required ? say.required : '',
    meaning,
    choices.length > 0 ? `${say.oneOf} ${choices.join(', ')}` : '',
    preset === null ? '' : `${say.preset} ${preset}`,
    example === null ? '' : `${say.example} ${example}`,
  ].filter((note) => note !== '');
  const spans: Span[] = [{ code: flag }, notes.length > 0 ? ` – ${notes.join('; ')}` : ''];
  return spans;
}

export function whyReply(reason: Told<Reason>, language: Language): Reply {
  const say = words[language];
  if (reason.allowed) return withStatus('ok', reply(say.may(reason)));
  return withStatus(
    'look',
    reply(
      say.mayNot(reason),
      fields({
        [say.whoHolds]: names(reason.holders, say),
        [say.whoGrants]: names(reason.granters, say),
      }),
    ),
  );
}

function names(holders: readonly Holder[], say: Words): string {
  return holders.length === 0 ? say.nobody : holders.map(({ name, role }) => `${name} (${role})`).join(', ');
}
