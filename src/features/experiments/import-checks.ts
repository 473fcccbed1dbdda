// What may be imported: the checks of a request against its file, and of a file against the experiment that is there.
import type { Experiment } from '../../../models/experiment.ts';
import { AppError, type FieldProblem } from '../../core/errors.ts';
import { badFile, type ExposureFile } from './exposure-file.ts';

/** What the request says that the file and the experiment must bear out. */
interface Promised {
  readonly default: string;
  readonly max: number | undefined;
  readonly costPaise: ReadonlyMap<string, number>;
}

/** @throws AppError when there is nothing to compare, or the default or a cost names no variant. */
export function judgeRequest(file: ExposureFile, request: Promised, known: Experiment | null): void {
  const variants = known ? known.arms.map((arm) => arm.variant) : file.variants;
  const [only, second] = variants;
  if (second === undefined)
    throw badFile(`all units have the same variant${only ? ` (“${only}”)` : ''}; a test needs two`);
  const among = `there are ${variants.join(', ')}`;
  const problems: FieldProblem[] = [];
  if (!variants.includes(request.default)) {
    problems.push({
      field: 'default',
      problem: `“${request.default}” is none of its variants; ${among}`,
      example: `--default ${variants[0] ?? ''}`,
    });
  }
  for (const variant of request.costPaise.keys()) {
    if (!variants.includes(variant)) {
      problems.push({
        field: 'cost',
        problem: `“${variant}” is none of its variants; ${among}`,
        example: `--cost ${variants[0] ?? ''}=500000`,
      });
    }
  }
  if (problems.length === 0) return;
  const text = problems.map(({ field, problem }) => `${field}: ${problem}`).join('\n');
  throw new AppError('input.invalid', text, { fields: problems });
}

export function judgeAgainst(known: Experiment, file: ExposureFile, request: Promised): void {
  const refuse = (what: string): never => {
    throw new AppError(
      'record.conflict',
      `Nothing was imported: the experiment “${known.key}” ${what}. Import under another key.`,
    );
  };
  if (known.control !== request.default) refuse(`has the default ${known.control}, not ${request.default}`);
  if (known.axis !== file.axis)
    refuse(known.axis === 'time' ? 'has times, and this file has none' : 'has no times, and this file has');
  if (known.metric !== file.metric) refuse(`measures ${known.metric}, not ${file.metric}`);
  if (request.max !== undefined && request.max !== known.maxUnits)
    refuse(`was planned for ${known.maxUnits} units; that is fixed once it has begun`);
  const stranger = file.variants.find((variant) => !known.arms.some((arm) => arm.variant === variant));
  if (stranger !== undefined) refuse(`has no variant “${stranger}”`);
}

export function refusedFile(file: ExposureFile): AppError {
  const lines = file.refused.map(({ line, problem }) => ({ field: `line ${line}`, problem: problem.en }));
  const shown = lines.slice(0, 5).map(({ field, problem }) => `${field}: ${problem}`);
  const more = file.refused.length > shown.length ? [`… and ${file.refused.length - shown.length} more`] : [];
  const head = `Nothing was imported: ${file.refused.length} of ${file.rows} rows cannot be taken.`;
  const mend = 'Mend them, or take the good rows alone with --accept-good.';
  return new AppError('input.bad_file', [head, ...shown, ...more, mend].join('\n'), {
    fields: lines.slice(0, 100),
  });
}
