// The kernel: an operation is declared once as data, and every door is derived from that declaration.
import type { z } from 'zod';
import type { ApprovalCase, ApprovalEnd } from './approval.ts';
import type { Ctx } from './context.ts';
import type { Permission } from './permissions.ts';
import type { Reply } from './reply.ts';

export interface Bilingual {
  readonly en: string;
  readonly hi: string;
}

/** How a verb is said in chat: everything that depends on word order, and the questions for what is missing. */
export interface ChatForm<Key extends string> {
  /** Other ways to say the verb, such as `tasks` for `task list`. */
  readonly aliases?: readonly string[];
  /** The arguments that may be given by position; the last one takes the rest of the line. */
  readonly positional?: readonly Key[];
  /** Whole lines that work, the simplest first, without the leading slash. */
  readonly examples: readonly string[];
  /** Plain sentences that mean this verb, in English, Hindi and Hinglish: it is understood by words like theirs. */
  readonly said?: readonly string[];
  /** What else the values of an argument are called, for plain sentences. */
  readonly vocabulary?: {
    readonly [K in Key]?: readonly { readonly value: string; readonly words: readonly string[] }[];
  };
  /** What to ask when a required argument is missing. */
  readonly questions?: { readonly [K in Key]?: Bilingual };
}

export interface HttpPath {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Express style, such as `/api/admin/tasks/:task`. */
  readonly path: `/${string}`;
}

interface Plain<Key extends string> {
  readonly name: `${string}.${string}`;
  readonly summary: Bilingual;
  readonly permission: Permission;
  readonly effect: 'read' | 'write';
  /**
   * `confirm`: a person is asked once more in chat and on pages; over HTTP and CLI the call itself is the yes.
   * `approve`: through every door the call opens a request, and other people decide.
   */
  readonly danger: 'none' | 'confirm' | 'approve';
  /** `person`: the answer is for the asker alone, wherever it was asked. */
  readonly audience?: 'person' | 'channel';
  /** Inputs that are masked in logs, audit and chat. */
  readonly sensitive?: readonly Key[];
  /** A read that leaves an audit row. */
  readonly audited?: boolean;
  /** The input that carries a file's text: the CLI takes a path in its place. */
  readonly file?: { readonly field: Key; readonly accept: readonly string[]; readonly maxBytes: number };
  /** The output is a file (core/download.ts): its own address and links of pages hand out the file itself. */
  readonly download?: true;
  readonly http?: HttpPath;
  readonly chat: ChatForm<Key>;
}

/** What `run` may return: the same shapes, also when they are frozen. */
type Frozen<T> = T extends readonly (infer E)[]
  ? readonly Frozen<E>[]
  : T extends object
    ? { readonly [K in keyof T]: Frozen<T[K]> }
    : T;

type KeyOf<I extends z.ZodObject> = keyof z.output<I> & string;

/** What an operation of danger `approve` says of the approval it needs. */
export interface DeclaredApproval<Input, S> {
  /** Who may vote: the people who hold it. */
  readonly permission: Permission;
  /** How many distinct people must say yes; 1 unless told. */
  readonly needed?: (input: Input) => number;
  /** How long it may be decided and begun; 24 hours unless told, 15 minutes where money moves. */
  readonly expiresAfterMs?: number;
  /**
   * What there is to decide. It is asked again right before the execution, where a `state` that reads otherwise, or
   * a refusal, ends the request as stale; `run` must still guard its own write, for the last instant.
   */
  readonly describe: (ctx: Ctx & { readonly services: S }, input: Input) => Promise<ApprovalCase>;
  /** What else must happen when it is not carried out; called until it succeeds, under one effect key. */
  readonly ended?: (ctx: Ctx & { readonly services: S }, input: Input, end: ApprovalEnd) => Promise<void>;
}

type Danger<Input, S> =
  | { readonly danger: 'none' | 'confirm'; readonly approval?: never }
  | { readonly danger: 'approve'; readonly approval: DeclaredApproval<Input, S> };

/** What a feature writes. `run` receives validated input; `reply` turns its output into blocks. */
export type Declared<I extends z.ZodObject, O extends z.ZodType, S> = Executable<I, O, S> &
  Danger<z.output<I>, S>;

interface Executable<I extends z.ZodObject, O extends z.ZodType, S> extends Omit<Plain<KeyOf<I>>, 'danger'> {
  readonly input: I;
  readonly output: O;
  readonly run: (ctx: Ctx & { readonly services: S }, input: z.output<I>) => Promise<Frozen<z.input<O>>>;
  readonly reply: (output: z.output<O>, input: z.output<I>, ctx: Ctx) => Reply;
}

/** What the doors see: the types of input and output are closed over, so that lists mix freely. */
export interface Operation<in S> extends Plain<string> {
  readonly input: z.ZodObject;
  readonly output: z.ZodType;
  readonly execute: (ctx: Ctx & { readonly services: S }, raw: unknown) => Promise<Outcome>;
  /** Present where the danger is `approve`. */
  readonly approval?: ErasedApproval<S>;
}

/** An approval part as the desk sees it: inputs come raw and are judged by the operation's own schema. */
export interface ErasedApproval<in S> {
  readonly permission: Permission;
  readonly expiresAfterMs: number;
  readonly needed: (raw: unknown) => number;
  readonly describe: (
    ctx: Ctx & { readonly services: S },
    raw: unknown,
  ) => Promise<{ readonly input: Readonly<Record<string, unknown>>; readonly asked: ApprovalCase }>;
  readonly ended?: (ctx: Ctx & { readonly services: S }, raw: unknown, end: ApprovalEnd) => Promise<void>;
}

export interface Outcome {
  readonly output: unknown;
  readonly reply: Reply;
  /** The id of the request, where nothing was done yet because people must approve it first. */
  readonly approval?: string;
}

const DAY_MS = 24 * 3_600_000;

/**
 * `operationsOf<Needs>()({…})` declares one operation over the services it needs; a service that app.ts does
 * not hand in is a compile error there. Curried because TypeScript infers either all type arguments or none.
 */
export const operationsOf =
  <S>() =>
  <const I extends z.ZodObject, O extends z.ZodType>(declared: Declared<I, O, S>): Operation<S> => {
    const { run, reply, approval, ...plain } = declared;
    if (approval && (declared.sensitive ?? []).length > 0)
      throw new Error(`“${declared.name}” waits for approval: what is sensitive would be kept and shown`);
    return {
      ...plain,
      ...(approval && { approval: erased(declared.input, approval) }),
      execute: async (ctx, raw) => {
        const input = declared.input.parse(raw);
        const output = declared.output.parse(await run(ctx, input));
        return { output, reply: reply(output, input, ctx) };
      },
    };
  };

function erased<I extends z.ZodObject, S>(
  schema: I,
  approval: DeclaredApproval<z.output<I>, S>,
): ErasedApproval<S> {
  const { permission, needed, expiresAfterMs = DAY_MS, describe, ended } = approval;
  return {
    permission,
    expiresAfterMs,
    needed: (raw) => Math.max(1, needed?.(schema.parse(raw)) ?? 1),
    describe: async (ctx, raw) => {
      const input = schema.parse(raw);
      return { input, asked: await describe(ctx, input) };
    },
    ...(ended && { ended: (ctx, raw, end) => ended(ctx, schema.parse(raw), end) }),
  };
}

/** The words that say an operation: `task.add` is `task add`. */
export function wordsOf(operation: { readonly name: string }): string {
  return operation.name.replace('.', ' ');
}

/** One of these operations by its name, for a page's forms. @throws Error when there is none: a fault of the page. */
export function operationNamed<S>(operations: readonly Operation<S>[], name: string): Operation<S> {
  const found = operations.find((operation) => operation.name === name);
  if (!found) throw new Error(`there is no operation “${name}” here`);
  return found;
}
