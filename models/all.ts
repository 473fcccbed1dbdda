// Every collection there is: what the start makes indexes for and docs/data-model.md lists.
import { chatActions } from './chat-action.ts';
import { chatInbox } from './chat-inbox.ts';
import { consoleMessages } from './console-message.ts';
import { conversations } from './conversation.ts';
import type { CollectionDefinition } from './define.ts';

export const allDefinitions: readonly CollectionDefinition[] = [
  chatInbox,
  chatActions,
  conversations,
  consoleMessages,
];
