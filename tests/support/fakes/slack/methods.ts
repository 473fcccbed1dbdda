// The methods of Slack's Web API that the fake knows, over the world behind it.

import type { Json } from './json.ts';
import { chatMethods } from './methods-chat.ts';
import { fileMethods } from './methods-files.ts';
import { roomMethods } from './methods-rooms.ts';
import { viewMethods } from './methods-views.ts';
import type { Triggers } from './triggers.ts';
import type { Workspace } from './workspace.ts';

export interface World {
  readonly workspace: Workspace;
  readonly triggers: Triggers;
  readonly nowMs: () => number;
  /** `http://127.0.0.1:PORT`. */
  readonly origin: () => string;
  /** How long an uploaded file is looked at before a message may show it. */
  readonly fileReadyAfterMs: number;
  /** The address of a fresh Socket Mode connection. */
  readonly socketUrl: () => string;
}

/** What a method answers: `ok` is added by what is there. */
export type Answer = Json | { readonly error: string; readonly response_metadata?: Json };
export type Method = (world: World, given: Json) => Answer;

export const methods: Readonly<Record<string, Method>> = {
  ...roomMethods,
  ...chatMethods,
  ...viewMethods,
  ...fileMethods,
  'apps.connections.open': ({ socketUrl }) => ({ url: socketUrl() }),
};
