// Loads one part of a page, so that its failure is that part's alone: logged, and shown with its reference.
import type { Ctx } from '../core/context.ts';
import { toAppError } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';
import type { Loaded } from './components/loaded.tsx';

/** What `work` found; when it throws, the failed state with the reference under which the log has the cause. */
export async function loadPart<T>(
  ctx: Ctx & { readonly services: { readonly logger: Logger } },
  part: { readonly name: string; readonly retry: string },
  work: () => Promise<Loaded<T>>,
): Promise<Loaded<T>> {
  try {
    return await work();
  } catch (thrown) {
    const error = toAppError(thrown);
    const { requestId } = ctx;
    ctx.services.logger.error(
      { requestId, part: part.name, err: error, cause: error.cause },
      'a part of a page could not be loaded',
    );
    return { state: 'failed', what: error.publicMessage, requestId, retry: part.retry };
  }
}
