// What is said of one variable of the environment, and how plain ones are read.

/** One variable: how it is read, what it does when unset, and what it means to a person. */
export interface Variable<T> {
  readonly read: (text: string) => T;
  readonly preset: T;
  /** How the preset is written in the reference; empty when there is none. */
  readonly written: string;
  readonly meaning: string;
  readonly secret?: boolean;
}

export const text = (value: string): string => value;
export const optional = (read: (value: string) => string = text): Variable<string | undefined>['read'] =>
  read;
