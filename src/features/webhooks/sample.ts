// A body that a source takes: its own sample, or, where staff mapped a foreign shape, one that the mapping reads.
import type { WebhookMapping } from '../../../models/webhook-endpoint.ts';
import type { WebhookSource } from '../../core/webhook-source.ts';
import { bodyOf } from './mapping.ts';
import type { WebhookParts } from './parts.ts';

export function sampleOf<S>(
  { targets }: Pick<WebhookParts<S>, 'targets'>,
  { source, mapping }: { readonly source: WebhookSource<S>; readonly mapping: WebhookMapping | null },
  id: string,
  at: Date,
): Readonly<Record<string, unknown>> {
  const target = mapping && targets.find(({ name }) => name === mapping.to);
  return target ? bodyOf(mapping, target.sample(id, at)) : source.sample(id, at);
}
