/** Judges an error against what a unified test expects of it. */
import {
  type Document,
  MongoBulkWriteError,
  MongoClientBulkWriteError,
  MongoError,
  MongoServerError,
} from 'mongodb';
import { type Difference, difference, type Named, show } from './match.ts';

/** Says in what the error differs from `expectError`, or undefined. */
export function errorDifference(expected: Document, error: unknown, named: Named): Difference {
  if (!(error instanceof Error)) return `expected an error, found ${show(error)}`;
  const fields: Document = error;
  const labels = error instanceof MongoError ? error.errorLabels : [];
  for (const [name, operand] of Object.entries(expected)) {
    const found = partDifference(name, operand, error, fields, labels, named);
    if (found !== undefined) return `${found} (${error.name}: ${error.message})`;
  }
  return undefined;
}

function partDifference(
  name: string,
  operand: unknown,
  error: Error,
  fields: Document,
  labels: readonly string[],
  named: Named,
): Difference {
  const wanted = Array.isArray(operand) ? operand.map(String) : [];
  switch (name) {
    case 'isError':
      return undefined;
    case 'isClientError':
      return isFromClient(error) === operand ? undefined : `expected isClientError ${operand}`;
    case 'errorContains':
      return error.message.toLowerCase().includes(String(operand).toLowerCase())
        ? undefined
        : `expected a message with '${operand}'`;
    case 'errorCode':
      return fields['code'] === operand ? undefined : `expected code ${operand}, found ${fields['code']}`;
    case 'errorCodeName':
      return fields['codeName'] === operand ? undefined : `expected ${operand}, found ${fields['codeName']}`;
    case 'errorLabelsContain':
      return wanted.every((label) => labels.includes(label))
        ? undefined
        : `expected labels ${wanted}, found ${labels}`;
    case 'errorLabelsOmit':
      return wanted.some((label) => labels.includes(label))
        ? `expected no labels ${wanted}, found ${labels}`
        : undefined;
    case 'expectResult':
      return difference(operand, fields['result'] ?? fields['partialResult'], named, true, 'error.result');
    case 'errorResponse':
      return difference(
        operand,
        fields['errorResponse'] ?? fields['result'],
        named,
        true,
        'error.errorResponse',
      );
    default:
      return `the expectation '${name}' of an error is not known to this runner`;
  }
}

/** Bulk errors are server errors in their class, also when the server never answered. */
function isFromClient(error: Error): boolean {
  if (error instanceof MongoBulkWriteError) return typeof error.code !== 'number';
  if (error instanceof MongoClientBulkWriteError && error.cause instanceof Error)
    return isFromClient(error.cause);
  return !(error instanceof MongoServerError);
}
