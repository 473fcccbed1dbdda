// Why something cannot be done with a task, in both languages.
import type { Task } from '../../../models/task.ts';
import type { Language } from '../../core/context.ts';
import { AppError } from '../../core/errors.ts';
import type { RefusedLine } from './findings.ts';

export const noTask = (given: string): AppError =>
  new AppError('record.not_found', `There is no task “${given}”. “tasks” lists them.`, {
    inHindi: `“${given}” नाम का कोई काम नहीं है। सभी काम देखने के लिए लिखें: tasks`,
  });

export const severalTasks = (given: string): AppError =>
  new AppError('record.conflict', `“${given}” is the beginning of several tasks; type more of it.`, {
    inHindi: `“${given}” से कई कामों के id शुरू होते हैं; थोड़ा और लिखें।`,
  });

const ended = { done: 'यह पूरा हो चुका है', dropped: 'यह छोड़ा जा चुका है', open: 'यह खुला है' } as const;

/** For a task that stands otherwise than the change needs. */
export function movedTask({ title, status, ownerName }: Task): AppError {
  const isHeld = status === 'taken';
  const state = isHeld ? `it is held by ${ownerName ?? 'somebody'}` : `it is ${status}`;
  const inHindi = isHeld ? `यह ${ownerName ?? 'किसी'} के ज़िम्मे है` : ended[status];
  return new AppError('record.conflict', `“${title}” cannot be changed so: ${state}.`, {
    inHindi: `“${title}” में यह बदलाव नहीं हो सकता: ${inHindi}।`,
  });
}

const SHOWN_LINES = 5;

/** For a check-list with lines that cannot be taken; each is named in the language of whoever asks. */
export function refusedFile(refused: readonly RefusedLine[], language: Language): AppError {
  const shown = refused.slice(0, SHOWN_LINES).map(({ line, problem }) => `line ${line}: ${problem.en}`);
  const more = refused.length > shown.length ? [`and ${refused.length - shown.length} more`] : [];
  return new AppError(
    'input.bad_file',
    [
      `Nothing was imported: ${refused.length} line(s) cannot be taken.`,
      ...shown,
      ...more,
      'Mend them, or accept the good ones with --accept-good.',
    ].join('\n'),
    { fields: refused.map(({ line, problem }) => ({ field: `line ${line}`, problem: problem[language] })) },
  );
}
