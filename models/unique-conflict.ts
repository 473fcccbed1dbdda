// The refusal of a write that would break a unique key, with the name of the index for whoever must branch on it.
import { AppError } from '../src/core/errors.ts';

export class UniqueConflict extends AppError {
  /** The index as named in the definition, such as `tenant_experiment_look`; `_id` for an id of another tenant. */
  readonly index: string;

  constructor(collection: string, index: string, cause?: unknown) {
    const fields = index.split('_').filter((field) => field !== 'tenant' && field !== '');
    super('record.conflict', `There is a record already with the same ${fields.join(', ')}.`, {
      cause,
      internal: `unique index ${index} of ${collection}`,
    });
    this.name = 'UniqueConflict';
    this.index = index;
  }
}
