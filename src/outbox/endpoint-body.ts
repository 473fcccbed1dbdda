// What is said to each kind of receiver: signed JSON for programs, one message in its own form for chat platforms.
import type { EndpointKind } from '../../models/webhook-subscription.ts';
import { AppError } from '../core/errors.ts';
import type { OutgoingEvent, SendBody } from '../core/outbox-item.ts';
import { type Reply, reply, text } from '../core/reply.ts';
import { discordForm } from './hook-forms/discord.ts';
import { slackForm } from './hook-forms/slack.ts';
import { teamsForm } from './hook-forms/teams.ts';
import { plainText } from './plain-text.ts';

/** The JSON body; `tenant` is told to programs alone. */
export function endpointBody(kind: EndpointKind, body: SendBody, tenant: string): string {
  switch (kind) {
    case 'standard':
    case 'n8n':
      return JSON.stringify(asData(body, tenant));
    case 'slack':
      return JSON.stringify(slackForm(asReply(body)));
    case 'discord':
      return JSON.stringify(discordForm(asReply(body)));
    case 'teams':
      return JSON.stringify(teamsForm(asReply(body)));
  }
}

/** Standard Webhooks' `type` and `data`, with the version of the data's shape. */
function asData(body: SendBody, tenant: string): Readonly<Record<string, unknown>> {
  if (body.kind === 'event') {
    const { type, version, payload } = body.event;
    return { type, version, tenant, data: payload };
  }
  return { type: 'message.posted', version: 1, tenant, data: { text: plainText(asReply(body)) } };
}

/** @throws AppError `remote.refused` for what is neither a reply nor an event. */
function asReply(body: SendBody): Reply {
  if (body.kind === 'reply') return body.reply;
  if (body.kind === 'event') return eventReply(body.event);
  throw new AppError('remote.refused', 'Only messages and events can be sent to this address.');
}

/** The event's own message first; every type of the catalogue has one. */
function eventReply({ type, payload }: OutgoingEvent): Reply {
  const { experiment, winner, message } = payload;
  const said = typeof message === 'string' && message !== '' ? [text(message)] : [];
  if (typeof experiment !== 'string' || typeof winner !== 'string') return reply(type, ...said);
  const did = type === 'experiment.rolled_back' ? 'was rolled back to' : 'was switched to';
  return reply(`${experiment} ${did} ${winner}`, ...said);
}
