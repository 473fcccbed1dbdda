// Table of contents: one line per capability, with its verbs and its pages.
import { consolePage } from '../bots/console/page.tsx';
import type { Operation } from './core/operation.ts';
import { alertOperations } from './features/alerts/operations.ts';
import { alertPages } from './features/alerts/page.tsx';
import { approvalOperations } from './features/approvals/operations.ts';
import { approvalPages } from './features/approvals/page.tsx';
import { auditOperations } from './features/audit/operations.ts';
import { auditPages } from './features/audit/page.tsx';
import { experimentOperations } from './features/experiments/operations.ts';
import { experimentPages } from './features/experiments/page.tsx';
import { ingestionOperations } from './features/ingestion/operations.ts';
import { dataPage } from './features/ingestion/page.tsx';
import { pullOperations } from './features/ingestion/pull-operations.ts';
import { mailOperations } from './features/mail/operations.ts';
import { mailPages } from './features/mail/page.tsx';
import { metricOperations } from './features/metrics/operations.ts';
import { metricPages } from './features/metrics/page.tsx';
import { overviewPages } from './features/overview/page.tsx';
import { peopleOperations } from './features/people/operations.ts';
import { peoplePage } from './features/people/page.tsx';
import { protocolOperations } from './features/protocol/operations.ts';
import { protocolPages } from './features/protocol/page.tsx';
import { bindingOperations } from './features/room/binding-operations.ts';
import { roomOperations } from './features/room/operations.ts';
import { sendingOperations } from './features/sending/operations.ts';
import { endpointPage } from './features/sending/page.tsx';
import { taskOperations } from './features/tasks/operations.ts';
import { taskPages } from './features/tasks/page.tsx';
import { upkeepOperations } from './features/upkeep/operations.ts';
import { outboxPage } from './features/upkeep/page.tsx';
import { webhookOperations } from './features/webhooks/operations.ts';
import { webhookPage } from './features/webhooks/page.tsx';
import type { Services } from './services.ts';
import type { Page } from './ui/page.ts';

interface Feature {
  readonly name: string;
  readonly operations: readonly Operation<Services>[];
  readonly pages: readonly Page<Services>[];
}

export const features: readonly Feature[] = [
  { name: 'overview', operations: [], pages: overviewPages },
  { name: 'protocol', operations: protocolOperations, pages: protocolPages },
  { name: 'experiments', operations: experimentOperations, pages: experimentPages },
  { name: 'approvals', operations: approvalOperations, pages: approvalPages },
  { name: 'alerts', operations: alertOperations, pages: alertPages },
  { name: 'tasks', operations: taskOperations, pages: taskPages },
  { name: 'people', operations: peopleOperations, pages: [peoplePage] },
  { name: 'room', operations: [...roomOperations, ...bindingOperations], pages: [consolePage] },
  { name: 'metrics', operations: metricOperations, pages: metricPages },
  { name: 'ingestion', operations: [...ingestionOperations, ...pullOperations], pages: [dataPage] },
  { name: 'webhooks', operations: webhookOperations, pages: [webhookPage] },
  { name: 'upkeep', operations: upkeepOperations, pages: [outboxPage] },
  { name: 'sending', operations: sendingOperations, pages: [endpointPage] },
  { name: 'mail', operations: mailOperations, pages: mailPages },
  { name: 'audit', operations: auditOperations, pages: auditPages },
];

export const operations: readonly Operation<Services>[] = features.flatMap((feature) => feature.operations);

export const pages: readonly Page<Services>[] = features.flatMap((feature) => feature.pages);
