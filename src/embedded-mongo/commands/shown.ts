/** What a find sends of a document: all of it, a projection, or the key of the index that was used. */
import { Long } from 'bson';
import { flagArg } from '../args.ts';
import type { Scan } from '../scan.ts';
import type { KeyRange } from '../sorted-list.ts';
import type { StoredDocument } from '../stored-document.ts';
import { copyDoc, type Doc, setField } from '../value.ts';

/** What is sent of a document; undefined for all of it as it is stored. */
export type Shown = (doc: Doc, stored: StoredDocument) => Doc;

/** The keys of the index that was used and nothing else, or a projection with the record's number beside it. */
export function shownAs(
  command: Doc,
  scan: Scan,
  project: ((doc: Doc) => Doc) | undefined,
): Shown | undefined {
  if (flagArg(command['returnKey'], 'returnKey')) return keyShownBy(scan);
  if (!flagArg(command['showRecordId'], 'showRecordId')) return project;
  return (doc, { order }) => {
    const copy = copyDoc(project === undefined ? doc : project(doc));
    setField(copy, '$recordId', Long.fromNumber(order));
    return copy;
  };
}

/** https://www.mongodb.com/docs/manual/reference/method/cursor.returnKey/ */
function keyShownBy({ plan }: Scan): (doc: Doc) => Doc {
  if (plan.kind === 'collection') return () => ({});
  const parts = plan.kind === 'union' ? plan.parts : [plan];
  return (doc) => {
    const used = parts.find(({ index, ranges }) => index.keysOf(doc).some((key) => isIn(ranges, key)));
    return used?.index.shownKey(doc, (key) => isIn(used.ranges, key)) ?? {};
  };
}

function isIn(ranges: readonly KeyRange[], key: string): boolean {
  return ranges.some(({ from, to }) => (from === undefined || key >= from) && (to === undefined || key < to));
}
