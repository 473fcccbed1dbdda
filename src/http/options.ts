// What the web server is handed: ports it declares here, and everything that the composition root decides.
import type { Store as SessionStore } from 'express-session';
import type { Registry } from 'prom-client';
import type { z } from 'zod';
import type { Principal } from '../core/actor.ts';
import type { Clock } from '../core/clock.ts';
import type { AuditDirectly, Dispatcher } from '../core/dispatcher.ts';
import type { Ids } from '../core/ids.ts';
import type { Logger } from '../core/logger.ts';
import type { Block } from '../core/reply.ts';
import type { RecordCollection, Stored } from '../core/store.ts';
import type { WebhookScheme } from '../core/webhook-source.ts';
import type { Page } from '../ui/page.ts';
import type { RateLimits } from './rate-limits.ts';

/** What an idempotency key stands for, so that its reuse for another request is seen. */
export interface RequestKey extends Stored {
  readonly digest: string;
  readonly at: Date;
}

/** Who somebody is, by token, session or link. Everything is looked up by digest. */
export interface PeopleDoor {
  authenticateToken(text: string): Promise<Principal | null>;
  principalOfSession(signInId: string): Promise<Principal | null>;
  readLink(code: string): Promise<{ readonly firstOwner: boolean }>;
  consumeLink(
    code: string,
    opening: { readonly requestId: string; readonly browser: string; readonly ownerName?: string },
  ): Promise<{ readonly principal: Principal; readonly signInId: string }>;
  signOut(principal: Principal, signInId: string, requestId: string): Promise<void>;
}

export interface ConsoleReply {
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly buttons: readonly { readonly id: string; readonly label: string }[];
}

/** The console as a chat platform of its own; `key` names the effect of one message or press. */
export interface ConsoleDoor {
  say(principal: Principal, text: string, key: string): Promise<readonly ConsoleReply[]>;
  press(principal: Principal, buttonId: string, key: string): Promise<readonly ConsoleReply[]>;
  messages(
    principal: Principal,
    after: string | undefined,
  ): Promise<{ readonly messages: readonly unknown[]; readonly next: string }>;
  /** A picture of a message as SVG. */
  picture(principal: Principal, messageId: string, index: number): Promise<string>;
}

/** One kind of sender, as the documentation shows it. */
export interface InboundSource {
  readonly name: string;
  readonly summary: string;
  readonly scheme: WebhookScheme;
  readonly payload: z.ZodType;
  sample(id: string, at: Date): Readonly<Record<string, unknown>>;
}

/** What the door of webhooks hands on, and what it is told. */
export interface WebhookDoor {
  /** Judges and stores; resolves when the delivery would outlive this process. */
  receive(arrival: {
    readonly source: string;
    readonly endpoint?: string;
    readonly headers: Readonly<Record<string, string | undefined>>;
    readonly body: Buffer;
    readonly url: string;
    readonly parse: (body: Buffer) => unknown;
  }): Promise<{
    readonly id: string;
    readonly repeated: boolean;
    /** What the sender reads instead of the id. */
    readonly answer?: { readonly type: string; readonly text: string };
  }>;
  /** What may come in, for the documentation. */
  readonly sources?: readonly InboundSource[];
  /** Counts what was refused before it could be judged. */
  refused(source: string, reason: 'rate_limited' | 'too_large' | 'encoding'): void;
}

/** What a reader of marketing does by the link in a mail; nobody signs in for it. */
export interface UnsubscribeDoor {
  read(token: string): Promise<{ readonly address: string; readonly subscribed: boolean }>;
  change(
    token: string,
    subscribed: boolean,
    requestId: string,
  ): Promise<{ readonly address: string; readonly subscribed: boolean }>;
}

/** The address of a chat platform's own requests, such as Slack's; it proves and stores them itself. */
export interface ChatDoor {
  readonly path: `/${string}`;
  receive(request: {
    readonly headers: Readonly<Record<string, string | undefined>>;
    readonly body: Buffer;
  }): Promise<{ readonly status: number; readonly body?: unknown }>;
}

export type HealthStatus = 'pass' | 'warn' | 'fail';

export interface HealthReading {
  readonly status: HealthStatus;
  readonly observedValue?: number | string;
  readonly observedUnit?: string;
  readonly output?: string;
}

/** One dependency that /health asks, named `component:measurement` such as `database:responseTime`. */
export interface HealthCheck {
  readonly name: `${string}:${string}`;
  readonly componentType: 'component' | 'datastore' | 'system';
  /** Without it the process takes no requests: /health/ready fails when it does. */
  readonly neededToServe?: boolean;
  read(): Promise<HealthReading>;
}

export interface WebParts {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** The origin that people use; undefined means the address that is listened on. */
  readonly publicUrl: string | undefined;
  /** Express's `trust proxy`: false, a number of hops, or addresses. */
  readonly trustProxy: false | number | string;
  readonly secretKey: string;
  readonly version: string;
  readonly environment: 'sandbox' | 'production';
  /** IANA zone of pages that are shown before sign-in. */
  readonly zone: string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  readonly dispatcher: Dispatcher;
  /** For pages that somebody may not see; the dispatcher audits its own denials. */
  readonly auditDirectly: AuditDirectly;
  readonly people: PeopleDoor;
  /** Absent while no console is running: its addresses then answer 404. */
  readonly console?: ConsoleDoor;
  /** Absent where no webhooks are taken: their addresses then answer 404. */
  readonly webhooks?: WebhookDoor;
  /** Absent where no mail is sent: its addresses then answer 404. */
  readonly unsubscribe?: UnsubscribeDoor;
  /** The doors of chat platforms that send to an address. */
  readonly chatDoors?: readonly ChatDoor[];
  readonly requestKeys: RecordCollection<RequestKey>;
  readonly sessionStore: SessionStore;
  readonly health: readonly HealthCheck[];
  /** Other limits than the product's own. */
  readonly rateLimits?: RateLimits;
  /** Where every part of the process registers its metrics. */
  readonly metrics: Registry;
}

export interface WebServerOptions<S> extends WebParts {
  readonly pages: readonly Page<S>[];
  /** What the pages load from. */
  readonly services: S;
}
