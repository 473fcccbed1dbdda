// What the webhook service is made of, and the forms that its parts share.
import type { WebhookCount } from '../../../models/webhook-count.ts';
import type { WebhookEndpoint } from '../../../models/webhook-endpoint.ts';
import type { WebhookEvent } from '../../../models/webhook-inbox.ts';
import type { Clock } from '../../core/clock.ts';
import { derivedId, type Ids } from '../../core/ids.ts';
import type { Logger } from '../../core/logger.ts';
import type { FactCollection, RecordCollection } from '../../core/store.ts';
import type { MappingTarget, WebhookSource } from '../../core/webhook-source.ts';

export interface WebhookParts<S> {
  readonly inbox: FactCollection<WebhookEvent>;
  readonly endpoints: FactCollection<WebhookEndpoint>;
  readonly counts: RecordCollection<WebhookCount>;
  readonly sources: readonly WebhookSource<S>[];
  /** Acts on the events of sources that staff added. */
  readonly added: WebhookSource<S>;
  /** What bodies of added sources may be mapped to, by name. */
  readonly targets: readonly MappingTarget<S>[];
  /** What the handlers of the sources work with. */
  readonly services: S;
  /** The one or two secrets of a variable; none when it is not set. */
  readonly environmentSecrets: (variable: string) => readonly string[];
  readonly secretKey: string;
  readonly publicUrl: () => string;
  readonly zone: string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly random: () => number;
  readonly logger: Logger;
  /** Names this process in leases. */
  readonly worker: string;
  /** Called when an event waits for the worker. */
  readonly nudge: () => void;
}

/** How a source may be called in its address. */
export const SOURCE_NAME = /^[a-z][a-z0-9-]{1,39}$/;

export const endpointId = (tenant: string, name: string): string => derivedId('whe', tenant, name);
