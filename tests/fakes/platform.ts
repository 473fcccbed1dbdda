// What the page and the control door know of a fake platform, whichever it is.

export interface ShownMessage {
  /** Names the message in `press`: unique on its platform. */
  readonly id: string;
  readonly platform: string;
  readonly chat: string;
  readonly chatName: string;
  /** Who said it, as the platform shows them. */
  readonly from: string;
  readonly byBot: boolean;
  /** As a person would read it. */
  readonly text: string;
  readonly buttons: readonly string[];
  /** The account that alone sees it; null where the whole chat does. */
  readonly onlyFor: string | null;
  /** Its picture as a PNG, where the fake has one. */
  readonly picture: boolean;
  readonly atMs: number;
}

export interface ShownChat {
  readonly id: string;
  readonly name: string;
}

/** A form that a platform shows to one person. */
export interface ShownForm {
  readonly title: string;
  readonly fields: readonly {
    readonly id: string;
    readonly label: string;
    readonly choices: readonly string[];
  }[];
}

/** @throws Error in words for people when an account, chat, message or button is not there. */
export interface FakePlatform {
  readonly name: 'slack' | 'telegram';
  /** The lines of the environment that point the program here. */
  environment(): readonly string[];
  accounts(): readonly string[];
  /** The chats of an account: its private one with the bot first. */
  chats(account: string): readonly ShownChat[];
  messages(): readonly ShownMessage[];
  /** An account that is not known yet joins. @param chat its id or name; the private one unless told. */
  say(account: string, text: string, chat?: string): Promise<void>;
  /** @param message its id; the newest with that button unless told. */
  press(account: string, button: string, message?: string): Promise<void>;
  form(account: string): ShownForm | null;
  submit(account: string, values: Readonly<Record<string, string>>): Promise<unknown>;
  fail(rule: Readonly<Record<string, unknown>>): void;
  mend(): void;
  picture(message: string): Uint8Array | null;
  stop(): Promise<void>;
}

/** What a person is told when they name something that is not there. */
export class NotThere extends Error {}

export const firstAccounts = ['Asha', 'Ravi', 'Eve'] as const;
