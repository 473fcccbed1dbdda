// Every collection there is: what the start makes indexes for and docs/data-model.md lists.

import type { Fact } from '../src/core/store.ts';
import { alerts } from './alert.ts';
import { alertGroups } from './alert-group.ts';
import { alertPolicies } from './alert-policy.ts';
import { apiTokens } from './api-token.ts';
import { approvals } from './approval.ts';
import { auditBlocks } from './audit-block.ts';
import { auditLog } from './audit-log.ts';
import { auditPosts } from './audit-post.ts';
import { cards } from './card.ts';
import { chatActions } from './chat-action.ts';
import { chatInbox } from './chat-inbox.ts';
import { chatRooms } from './chat-room.ts';
import { codeGuesses } from './code-guess.ts';
import { consoleMessages } from './console-message.ts';
import { conversations } from './conversation.ts';
import type { About, CollectionDefinition, FactDefinition } from './define.ts';
import { destinations } from './destination.ts';
import { emailLogs } from './email-log.ts';
import { endpointHealth } from './endpoint-health.ts';
import { experiments } from './experiment.ts';
import { experimentLooks } from './experiment-look.ts';
import { experimentRollups } from './experiment-rollup.ts';
import { exposures } from './exposure.ts';
import { identities } from './identity.ts';
import { keyChecks } from './key-check.ts';
import { leases } from './lease.ts';
import { linkCodes } from './link-code.ts';
import { outboxReplays } from './outbox-replay.ts';
import { outboxRows } from './outbox-row.ts';
import { people } from './person.ts';
import { protocolActions } from './protocol-action.ts';
import { protocolRuns } from './protocol-run.ts';
import { protocolStates } from './protocol-state.ts';
import { razorpayPlans } from './razorpay-plan.ts';
import { requestKeys } from './request-key.ts';
import { signIns } from './sign-in.ts';
import { signInLinks } from './sign-in-link.ts';
import { slackSends } from './slack-send.ts';
import { streamActivity } from './stream-activity.ts';
import { streamFacts } from './stream-fact.ts';
import { streamPulls } from './stream-pull.ts';
import { streamReceipts } from './stream-receipt.ts';
import { streamRejects } from './stream-reject.ts';
import { streamRollups } from './stream-rollup.ts';
import { streamStates } from './stream-state.ts';
import { streamUnits } from './stream-unit.ts';
import { suppressions } from './suppression.ts';
import { tasks } from './task.ts';
import { telegramChats } from './telegram-chat.ts';
import { telegramSends } from './telegram-send.ts';
import { webhookCounts } from './webhook-count.ts';
import { webhookEndpoints } from './webhook-endpoint.ts';
import { webhookInbox } from './webhook-inbox.ts';
import { webhookSubscriptions } from './webhook-subscription.ts';

export const allDefinitions: readonly CollectionDefinition[] = [
  alertGroups,
  alertPolicies,
  alerts,
  apiTokens,
  approvals,
  auditBlocks,
  auditLog,
  auditPosts,
  cards,
  chatActions,
  chatInbox,
  chatRooms,
  codeGuesses,
  consoleMessages,
  conversations,
  destinations,
  emailLogs,
  endpointHealth,
  experimentLooks,
  experimentRollups,
  experiments,
  exposures,
  identities,
  keyChecks,
  leases,
  linkCodes,
  outboxReplays,
  outboxRows,
  people,
  protocolActions,
  protocolRuns,
  protocolStates,
  razorpayPlans,
  requestKeys,
  signInLinks,
  signIns,
  slackSends,
  suppressions,
  streamActivity,
  streamFacts,
  streamPulls,
  streamReceipts,
  streamRejects,
  streamRollups,
  streamStates,
  streamUnits,
  tasks,
  telegramChats,
  telegramSends,
  webhookCounts,
  webhookEndpoints,
  webhookInbox,
  webhookSubscriptions,
];

/** Those whose documents carry outbox items, which the relay must visit. */
export const factDefinitions = allDefinitions.filter(
  (definition): definition is FactDefinition<Fact> => definition.kind === 'facts',
);

/** Collections that a library keeps by itself: they hold nothing of a tenant's and pass by the repositories. */
export const exemptCollections: readonly (About & { readonly name: string })[] = [
  {
    name: 'jobs',
    holds: 'An alarm of the scheduler.',
    writer: 'Agenda',
    retention: 'kept; one row for each job',
  },
  {
    name: 'sessions',
    holds: 'A signed-in browser.',
    writer: 'connect-mongo',
    retention: 'until the session expires',
  },
];
