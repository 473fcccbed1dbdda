// Every collection there is: what the start makes indexes for and docs/data-model.md lists.

import { apiTokens } from './api-token.ts';
import { cards } from './card.ts';
import { chatActions } from './chat-action.ts';
import { chatInbox } from './chat-inbox.ts';
import { consoleMessages } from './console-message.ts';
import { conversations } from './conversation.ts';
import type { CollectionDefinition } from './define.ts';
import { destinations } from './destination.ts';
import { outboxReplays } from './outbox-replay.ts';
import { outboxRows } from './outbox-row.ts';
import { people } from './person.ts';
import { requestKeys } from './request-key.ts';
import { signIns } from './sign-in.ts';
import { signInLinks } from './sign-in-link.ts';

export const allDefinitions: readonly CollectionDefinition[] = [
  apiTokens,
  cards,
  chatActions,
  chatInbox,
  consoleMessages,
  conversations,
  destinations,
  outboxReplays,
  outboxRows,
  people,
  requestKeys,
  signInLinks,
  signIns,
];
