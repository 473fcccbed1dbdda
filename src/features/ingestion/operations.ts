// The verbs of facts coming in, as one list.
import { importOperation } from './import-operation.ts';
import { listRejects, replayOperation } from './reject-operations.ts';
import { ingestRows } from './rows-operations.ts';
import { listStreams, showRows } from './stream-operations.ts';

export const ingestionOperations = [
  listStreams,
  showRows,
  ingestRows,
  importOperation,
  listRejects,
  replayOperation,
];
