// What Twilio posts of messages and calls, as far as it is read here. Source: twilio.com/docs, “Track outbound message
// status”, “Twilio’s request to your incoming message webhook URL” and the voice webhooks.
import { z } from 'zod';

const sid = z.string().regex(/^[\w:-]{1,200}$/, 'is no sid');

/** Kept as it is written: Twilio adds states and fields without notice. */
const word = z.string().regex(/^[\w-]{1,40}$/, 'is no word');

const channelled = z.string().max(320).default('');

/** A state of a message that was sent, or a message that came in: that one has a status of the older name alone. */
const message = z
  .object({
    MessageSid: sid,
    MessageStatus: word.optional(),
    SmsStatus: word.optional(),
    ErrorCode: z.string().max(40).optional(),
    OptOutType: word.optional(),
    From: channelled,
    To: channelled,
  })
  .refine((told) => told.MessageStatus ?? told.SmsStatus, {
    path: ['MessageStatus'],
    message: 'says no state of the message',
  });

/** A call that comes in, and every state that its callbacks tell; `CallDuration` is in whole seconds. */
const call = z.object({
  CallSid: sid,
  CallStatus: word,
  Direction: word.default('inbound'),
  CallDuration: z
    .string()
    .regex(/^\d{1,7}$/, 'is no number of seconds')
    .optional(),
});

/** A message that is sent within a call names both: it is the message that is told of. */
export const twilioPayload = z.union([message, call]);

export type TwilioMessage = z.output<typeof message>;
export type TwilioCall = z.output<typeof call>;
