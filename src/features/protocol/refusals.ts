// Why the protocol cannot do what was asked, in both languages.
import type { Language } from '../../core/context.ts';
import { AppError } from '../../core/errors.ts';

export const runUnderWay = (holder: string): AppError =>
  new AppError('run.in_progress', `A run is under way: ${holder}. “protocol show ${holder}” shows it.`, {
    inHindi: `एक रन अभी चल रहा है: ${holder}। देखने के लिए लिखें: protocol show ${holder}`,
  });

export const noRun = (run: string): AppError =>
  new AppError('record.not_found', `There is no run “${run}”. “protocol history” lists them.`, {
    inHindi: `“${run}” नाम का कोई रन नहीं है। पिछले रन देखने के लिए लिखें: protocol history`,
  });

export function notALength(given: string, language: Language): AppError {
  const problem = {
    en: `“${given}” is not a length up to 30 days`,
    hi: `“${given}” 30 दिन तक की अवधि नहीं है`,
  };
  return new AppError('input.invalid', `for: ${problem.en} — for example 4 hours`, {
    fields: [{ field: 'for', problem: problem[language], example: '4 hours' }],
  });
}
