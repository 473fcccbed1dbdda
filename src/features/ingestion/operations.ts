// The verbs of facts coming in, as one list.
import { ingestRows } from './rows-operations.ts';
import { listStreams, showRows } from './stream-operations.ts';

export const ingestionOperations = [listStreams, showRows, ingestRows];
