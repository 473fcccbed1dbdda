// What a person may do here and why not: read from the operations' own declarations and the one permission table.
import { type Actor, mayDo } from '../../core/actor.ts';
import { meaningIn } from '../../core/argument-words.ts';
import type { Language } from '../../core/context.ts';
import type { Verb } from '../../core/dispatcher.ts';
import { AppError } from '../../core/errors.ts';
import { type FieldSpec, fieldsOf } from '../../core/fields.ts';
import { wordsOf } from '../../core/operation.ts';
import { type Permission, permissions, type Role } from '../../core/permissions.ts';

export interface Holder {
  readonly name: string;
  readonly role: Role;
}

export interface RoomNeeds {
  /** Every operation by name; asked at each call, since the operations of this room are among them. */
  readonly verbs: () => ReadonlyMap<string, Verb>;
  /** The people of a tenant whose role holds the permission. */
  readonly holdersOf: (tenant: string, permission: Permission) => Promise<readonly Holder[]>;
}

export interface VerbLine {
  readonly verb: string;
  readonly example: string;
  readonly summary: string;
}

export interface VerbGroup {
  /** What the verbs act on, such as `task`. */
  readonly noun: string;
  readonly verbs: readonly VerbLine[];
}

export interface Argument {
  readonly name: string;
  readonly flag: string;
  readonly meaning: string;
  readonly required: boolean;
  readonly choices: readonly string[];
  readonly preset: string | null;
  readonly example: string | null;
}

export interface VerbHelp extends VerbLine {
  readonly permission: Permission;
  readonly asksFirst: boolean;
  /** What those hold who must approve it; null where nobody must. */
  readonly approvers: string | null;
  readonly aliases: readonly string[];
  readonly examples: readonly string[];
  readonly arguments: readonly Argument[];
}

export interface Reason {
  readonly verb: string;
  readonly allowed: boolean;
  readonly role: Role;
  readonly permission: Permission;
  /** What the permission allows. */
  readonly allows: string;
  readonly leastRole: Role;
  /** Whether service accounts are kept out whatever their role. */
  readonly forPeopleAlone: boolean;
  readonly holders: readonly Holder[];
  /** Who may change a role. */
  readonly granters: readonly Holder[];
}

export interface Room {
  /** What this person may run, by noun; only the verbs that begin with `about` when it is given. */
  overview(actor: Actor, language: Language, about?: string): readonly VerbGroup[];
  /** One verb in full; null when this person has no verb of those words. */
  explain(actor: Actor, language: Language, words: string): VerbHelp | null;
  /** @throws AppError `input.unknown_operation` when there is no such verb. */
  why(tenant: string, actor: Actor, words: string): Promise<Reason>;
}

export function createRoom({ verbs, holdersOf }: RoomNeeds): Room {
  const allowed = (actor: Actor): readonly Verb[] =>
    [...verbs().values()].filter((verb) => mayDo(actor, verb.permission));

  function overview(actor: Actor, language: Language, about = ''): readonly VerbGroup[] {
    const wanted = plainWords(about);
    const groups = new Map<string, VerbLine[]>();
    for (const verb of allowed(actor)) {
      if (!phrasesOf(verb).some((phrase) => phrase.startsWith(wanted))) continue;
      const [noun = ''] = verb.name.split('.', 1);
      const lines = groups.get(noun) ?? [];
      lines.push(lineOf(verb, language));
      groups.set(noun, lines);
    }
    return [...groups].map(([noun, lines]) => ({ noun, verbs: lines }));
  }

  function explain(actor: Actor, language: Language, words: string): VerbHelp | null {
    const verb = allowed(actor).find((one) => phrasesOf(one).includes(plainWords(words)));
    if (!verb) return null;
    return {
      ...lineOf(verb, language),
      permission: verb.permission,
      asksFirst: verb.danger === 'confirm',
      approvers: verb.approval?.permission ?? null,
      aliases: verb.chat.aliases ?? [],
      examples: verb.chat.examples,
      arguments: fieldsOf(verb.input).map((spec) => argumentOf(spec, language)),
    };
  }

  async function why(tenant: string, actor: Actor, words: string): Promise<Reason> {
    const verb = [...verbs().values()].find((one) => phrasesOf(one).includes(plainWords(words)));
    if (!verb)
      throw new AppError('input.unknown_operation', `There is no verb “${words}”.`, {
        inHindi: `“${words}” नाम का कोई आदेश नहीं है।`,
      });
    const { permission } = verb;
    const { role: leastRole, allows } = permissions[permission];
    const [holders, granters] = await Promise.all([
      holdersOf(tenant, permission),
      holdersOf(tenant, 'people.manage'),
    ]);
    const isAllowed = mayDo(actor, permission);
    const forPeopleAlone = permissions[permission].forPeopleAlone === true;
    const known = {
      verb: wordsOf(verb),
      role: actor.role,
      permission,
      allows,
      leastRole,
      forPeopleAlone,
      holders,
      granters,
    };
    return { ...known, allowed: isAllowed };
  }

  return { overview, explain, why };
}

function phrasesOf(verb: Verb): readonly string[] {
  return [wordsOf(verb), ...(verb.chat.aliases ?? [])];
}

/** `/task_add`, `task.add` and `Task  add` are all `task add`. */
function plainWords(words: string): string {
  return words
    .replace(/^\s*\//, '')
    .replace(/[\s_.]+/g, ' ')
    .trim()
    .toLowerCase();
}

function lineOf(verb: Verb, language: Language): VerbLine {
  const [example = wordsOf(verb)] = verb.chat.examples;
  return { verb: wordsOf(verb), example, summary: verb.summary[language] };
}

function argumentOf(spec: FieldSpec, language: Language): Argument {
  return {
    name: spec.name,
    flag: `--${spec.name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    meaning: meaningIn(language, spec.description),
    required: spec.required,
    choices: spec.choices,
    preset: spec.preset === undefined ? null : String(spec.preset),
    example: spec.example ?? null,
  };
}
