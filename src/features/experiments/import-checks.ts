// What may be imported: the checks of a request against its file, and of a file against the experiment that is there.
import type { Experiment } from '../../../models/experiment.ts';
import type { Language } from '../../core/context.ts';
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
    throw badFile(
      `all units have the same variant${only ? ` (“${only}”)` : ''}; a test needs two`,
      `सभी यूनिटों का रूप एक ही है${only ? ` (“${only}”)` : ''}; टेस्ट के लिए दो चाहिए`,
    );
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
  const refuse = (en: string, hi: string): never => {
    const text = `Nothing was imported: the experiment “${known.key}” ${en}. Import under another key.`;
    const inHindi = `कुछ नहीं जोड़ा गया: प्रयोग “${known.key}” ${hi}। किसी और नाम (key) से जोड़ें।`;
    throw new AppError('record.conflict', text, { inHindi });
  };
  const { control, axis, metric, maxUnits } = known;
  if (control !== request.default)
    refuse(
      `has the default ${control}, not ${request.default}`,
      `का डिफ़ॉल्ट ${control} है, ${request.default} नहीं`,
    );
  if (axis !== file.axis)
    refuse(
      axis === 'time' ? 'has times, and this file has none' : 'has no times, and this file has',
      axis === 'time' ? 'में समय हैं, और इस फ़ाइल में नहीं' : 'में समय नहीं हैं, और इस फ़ाइल में हैं',
    );
  if (metric !== file.metric)
    refuse(`measures ${metric}, not ${file.metric}`, `${metric} नापता है, ${file.metric} नहीं`);
  if (request.max !== undefined && request.max !== maxUnits)
    refuse(
      `was planned for ${maxUnits} units; that is fixed once it has begun`,
      `${maxUnits} यूनिटों के लिए तय था; शुरू होने के बाद यह नहीं बदलता`,
    );
  const stranger = file.variants.find((variant) => !known.arms.some((arm) => arm.variant === variant));
  if (stranger !== undefined) refuse(`has no variant “${stranger}”`, `में “${stranger}” रूप नहीं है`);
}

/** Names the rows in the language of whoever asks. */
export function refusedFile(file: ExposureFile, language: Language): AppError {
  const shown = file.refused.slice(0, 5).map(({ line, problem }) => `line ${line}: ${problem.en}`);
  const more = file.refused.length > shown.length ? [`… and ${file.refused.length - shown.length} more`] : [];
  const head = `Nothing was imported: ${file.refused.length} of ${file.rows} rows cannot be taken.`;
  const mend = 'Mend them, or take the good rows alone with --accept-good.';
  return new AppError('input.bad_file', [head, ...shown, ...more, mend].join('\n'), {
    fields: file.refused
      .slice(0, 100)
      .map(({ line, problem }) => ({ field: `line ${line}`, problem: problem[language] })),
  });
}
