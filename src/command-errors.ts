// How a command at the machine ends when it fails: one explanation on standard error, and the exit code that fits.
import { ConfigError } from './config.ts';
import { AppError } from './core/errors.ts';

const FAILED = 1;
const WRONG_USAGE = 2;
const CONFIGURATION_ERROR = 78;

/** 78 for the configuration, 2 for wrong usage, 1 for everything that was refused or failed. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof ConfigError) return CONFIGURATION_ERROR;
  const isUsage =
    error instanceof AppError && (error.code === 'input.invalid' || error.code === 'input.unknown_operation');
  return isUsage ? WRONG_USAGE : FAILED;
}

/** The text for the person; a stack only where the fault is ours, since they are the operator. */
export function explain(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  if (error instanceof AppError) return error.publicMessage;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
