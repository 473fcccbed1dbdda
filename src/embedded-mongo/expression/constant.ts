/** Expressions that have to be constant where they stand. */
import type { Doc, Value } from '../value.ts';

/** The value of a compiled expression that reads nothing of the document; undefined for one that reads it. */
export function constantOf(evaluate: (root: Doc) => Value): { readonly value: Value } | undefined {
  let isRead = false;
  const note = (): undefined => {
    isRead = true;
    return undefined;
  };
  const watched: Doc = new Proxy<Doc>(
    {},
    {
      get: note,
      has: () => note() ?? false,
      ownKeys: () => note() ?? [],
      getOwnPropertyDescriptor: note,
    },
  );
  const value = evaluate(watched);
  return isRead || value === watched ? undefined : { value };
}
