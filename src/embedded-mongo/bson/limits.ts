/** How deep and how large BSON may be, and the errors beyond. */
import { mongoError } from '../errors.ts';

/** https://www.mongodb.com/docs/manual/reference/limits/#bson-documents */
export const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;
/** MongoDB's limit on nesting in what it is sent; what it stores has 20 levels less. */
export const MAX_LEVELS = 200;

/** The error for a document of more than this many levels. */
export function tooDeep(levels: number): Error {
  return mongoError(15, `Document exceeds maximum nesting depth of ${levels}`);
}

/** The error for a document of this many bytes. */
export function tooLarge(size: number | string): Error {
  return mongoError(
    10334,
    `BSONObj size: ${size} is invalid. Size must be between 0 and ${MAX_DOCUMENT_BYTES}`,
  );
}
