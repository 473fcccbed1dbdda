// A failure as an answer in chat: what is wrong, what is wanted, what works, and a reference where staff must look.
import type { AppError, FieldProblem } from '../src/core/errors.ts';
import { derivedId } from '../src/core/ids.ts';
import { type Block, context, list, type Reply, reply, text, withStatus } from '../src/core/reply.ts';
import type { Update } from './adapter.ts';
import { errorLeads, phrases } from './phrases.ts';

/** The request id of an update: the same however often it is worked on, so that the reference stays findable. */
export function requestIdOf(update: Update): string {
  return derivedId('req', update.principal.tenant, update.id);
}

/** @param more what to close with, such as a line that works or the question again. */
export function errorReply(error: AppError, update: Update, more: readonly Block[] = []): Reply {
  const { language } = update.principal;
  const said = error.fields.length > 0 ? error.fields.map(problemText) : [error.publicMessage];
  const [fact = error.publicMessage, ...rest] = language === 'hi' ? [errorLeads[error.kind], ...said] : said;
  const details = rest.length > 1 ? [list(rest)] : rest.map((line) => text(line));
  const reference = needsReference(error) ? [context(phrases[language].reference(requestIdOf(update)))] : [];
  return withStatus(error.kind === 'bug' ? 'act' : 'look', reply(fact, ...details, ...more, ...reference));
}

function problemText({ field, problem, example }: FieldProblem): string {
  return `${field}: ${problem}${example ? ` — for example ${example}` : ''}`;
}

function needsReference(error: AppError): boolean {
  return error.kind === 'bug' || error.kind === 'unavailable';
}
