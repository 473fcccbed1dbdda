// A failure as an answer in chat: what is wrong, what is wanted, what works, and a reference where staff must look.
import type { Language } from '../src/core/context.ts';
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
  const [fact = error.publicMessage, ...rest] = linesOf(error, language);
  const details = rest.length > 1 ? [list(rest)] : rest.map((line) => text(line));
  const reference = needsReference(error) ? [context(phrases[language].reference(requestIdOf(update)))] : [];
  return withStatus(error.kind === 'bug' ? 'act' : 'look', reply(fact, ...details, ...more, ...reference));
}

/** A Hindi reader whose words are not there is told in Hindi what kind of trouble it is, and then the exact words. */
function linesOf(error: AppError, language: Language): readonly string[] {
  const { fields, publicMessage, inHindi, kind } = error;
  const lead = language === 'hi' ? [errorLeads[kind]] : [];
  if (fields.length > 0) return [...lead, ...fields.map((problem) => problemText(problem, language))];
  return language === 'hi' && inHindi !== undefined ? [inHindi] : [...lead, publicMessage];
}

function problemText({ field, problem, example }: FieldProblem, language: Language): string {
  return `${field}: ${problem}${example ? ` — ${phrases[language].suchAs(example)}` : ''}`;
}

function needsReference(error: AppError): boolean {
  return error.kind === 'bug' || error.kind === 'unavailable';
}
