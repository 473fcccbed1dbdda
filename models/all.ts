// Every collection there is: what the start makes indexes for and docs/data-model.md lists.
import type { CollectionDefinition } from './define.ts';

export const allDefinitions: readonly CollectionDefinition[] = [];
