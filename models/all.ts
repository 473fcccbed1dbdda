// Every collection there is: what the start makes indexes for and docs/data-model.md lists.
import { cards } from './card.ts';
import { chatActions } from './chat-action.ts';
import { chatInbox } from './chat-inbox.ts';
import { consoleMessages } from './console-message.ts';
import { conversations } from './conversation.ts';
import type { CollectionDefinition } from './define.ts';
import { destinations } from './destination.ts';
import { outboxReplays } from './outbox-replay.ts';
import { outboxRows } from './outbox-row.ts';

export const allDefinitions: readonly CollectionDefinition[] = [
  cards,
  chatActions,
  chatInbox,
  consoleMessages,
  conversations,
  destinations,
  outboxReplays,
  outboxRows,
];
