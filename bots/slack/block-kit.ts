// The few blocks of Slack's Block Kit that are sent, and how large they may be.

export interface PlainText {
  readonly type: 'plain_text';
  readonly text: string;
}

/** `verbatim`: Slack makes no links and mentions of what merely looks like one. */
export interface Markdown {
  readonly type: 'mrkdwn';
  readonly text: string;
  readonly verbatim: true;
}

export interface ButtonElement {
  readonly type: 'button';
  readonly action_id: string;
  readonly text: PlainText;
  readonly value: string;
  readonly style?: 'primary' | 'danger';
}

export type SlackBlock =
  | { readonly type: 'section'; readonly text: Markdown }
  | { readonly type: 'section'; readonly fields: readonly Markdown[] }
  | { readonly type: 'context'; readonly elements: readonly Markdown[] }
  | { readonly type: 'actions'; readonly elements: readonly ButtonElement[] }
  | { readonly type: 'image'; readonly slack_file: { readonly id: string }; readonly alt_text: string };

/** Lengths in UTF-16 units. Source: docs.slack.dev/reference/block-kit and @slack/types. */
export const limits = {
  blocks: 50,
  section: 3_000,
  fields: 10,
  field: 2_000,
  context: 3_000,
  buttons: 25,
  buttonLabel: 75,
  altText: 2_000,
  /** Bytes of all blocks as JSON. Undocumented; Slack was seen to refuse about 13,200 (slackapi/bolt-js#2509). */
  message: 12_000,
} as const;

export const markdown = (text: string): Markdown => ({ type: 'mrkdwn', text, verbatim: true });
export const plain = (text: string): PlainText => ({ type: 'plain_text', text });
