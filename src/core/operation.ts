// The kernel: an operation is declared once as data, and every door is derived from that declaration.
import type { z } from 'zod';
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
  /** `confirm`: a person is asked once more in chat and on pages; over HTTP and CLI the call itself is the yes. */
  readonly danger: 'none' | 'confirm';
  /** `person`: the answer is for the asker alone, wherever it was asked. */
  readonly audience?: 'person' | 'channel';
  /** Inputs that are masked in logs, audit and chat. */
  readonly sensitive?: readonly Key[];
  /** A read that leaves an audit row. */
  readonly audited?: boolean;
  /** The input that carries a file's text: the CLI takes a path in its place. */
  readonly file?: { readonly field: Key; readonly accept: readonly string[]; readonly maxBytes: number };
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

/** What a feature writes. `run` receives validated input; `reply` turns its output into blocks. */
export interface Declared<I extends z.ZodObject, O extends z.ZodType, S> extends Plain<KeyOf<I>> {
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
}

export interface Outcome {
  readonly output: unknown;
  readonly reply: Reply;
}

/**
 * `operationsOf<Needs>()({…})` declares one operation over the services it needs; a service that app.ts does
 * not hand in is a compile error there. Curried because TypeScript infers either all type arguments or none.
 */
export const operationsOf =
  <S>() =>
  <const I extends z.ZodObject, O extends z.ZodType>(declared: Declared<I, O, S>): Operation<S> => {
    const { run, reply, ...plain } = declared;
    return {
      ...plain,
      execute: async (ctx, raw) => {
        const input = declared.input.parse(raw);
        const output = declared.output.parse(await run(ctx, input));
        return { output, reply: reply(output, input, ctx) };
      },
    };
  };

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
