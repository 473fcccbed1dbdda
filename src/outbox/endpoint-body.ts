// What an event looks like to each kind of receiver: signed JSON for programs, one message for chat platforms.
import type { EndpointKind } from '../../models/webhook-subscription.ts';
import type { OutgoingEvent, SendBody } from '../core/outbox-item.ts';
import { plainText } from './plain-text.ts';

const DISCORD_MOST = 2_000;

/** The JSON body; `tenant` is told to programs alone. */
export function endpointBody(kind: EndpointKind, body: SendBody, tenant: string): string {
  switch (kind) {
    case 'generic':
    case 'n8n':
      return JSON.stringify(asData(body, tenant));
    case 'slack':
      return JSON.stringify({ text: escapedForSlack(asSentence(body)) });
    case 'discord':
      return JSON.stringify({
        content: escapedForMarkdown(asSentence(body)).slice(0, DISCORD_MOST),
        allowed_mentions: { parse: [] },
      });
    case 'teams':
      return JSON.stringify({ type: 'message', attachments: [adaptiveCard(asSentence(body))] });
  }
}

/** Standard Webhooks' `type` and `data`, with the version of the data's shape. */
function asData(body: SendBody, tenant: string): Readonly<Record<string, unknown>> {
  if (body.kind === 'reply')
    return { type: 'message.posted', version: 1, tenant, data: { text: plainText(body.reply) } };
  const { type, version, payload } = body.event;
  return { type, version, tenant, data: payload };
}

function asSentence(body: SendBody): string {
  return body.kind === 'reply' ? plainText(body.reply) : eventSentence(body.event);
}

/** The event's own message first; every type of the catalogue has one. */
function eventSentence({ type, payload }: OutgoingEvent): string {
  const { experiment, winner, message } = payload;
  const said = typeof message === 'string' ? message : '';
  if (typeof experiment !== 'string' || typeof winner !== 'string') return [type, said].join('\n');
  const did = type === 'experiment.rolled_back' ? 'was rolled back to' : 'was switched to';
  return [`${experiment} ${did} ${winner}`, said].filter(Boolean).join('\n');
}

/** Source: api.slack.com “Formatting text for app surfaces”: these three characters and no others. */
const escapedForSlack = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const escapedForMarkdown = (text: string): string => text.replaceAll(/[\\*_~`|>[\]()#]/g, '\\$&');

/** Source: learn.microsoft.com “Post a workflow when a webhook request is received in Microsoft Teams”. */
function adaptiveCard(text: string): Readonly<Record<string, unknown>> {
  return {
    contentType: 'application/vnd.microsoft.card.adaptive',
    contentUrl: null,
    content: {
      type: 'AdaptiveCard',
      $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
      version: '1.4',
      body: [{ type: 'TextBlock', text: escapedForMarkdown(text), wrap: true }],
    },
  };
}
