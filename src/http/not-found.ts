// What is said where nothing answers.
import { AppError } from '../core/errors.ts';

export function nothingHere(): AppError {
  return new AppError(
    'http.not_found',
    'Nothing answers at this address. The API is described at /api/documentation',
  );
}
