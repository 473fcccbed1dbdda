// The parts of Slack's payloads that are read; everything else in them is let through.
import { z } from 'zod';

const user = z.looseObject({
  id: z.string(),
  team_id: z.string().optional(),
  name: z.string().optional(),
  username: z.string().optional(),
});

const message = z.looseObject({
  user: z.string(),
  channel: z.string(),
  ts: z.string(),
  text: z.string().default(''),
  team: z.string().optional(),
  user_team: z.string().optional(),
  thread_ts: z.string().optional(),
});
export const eventBody = z.looseObject({
  team_id: z.string(),
  event: message,
  is_ext_shared_channel: z.boolean().optional(),
});
export const commandBody = z.looseObject({
  command: z.string(),
  text: z.string().default(''),
  user_id: z.string(),
  user_name: z.string().optional(),
  team_id: z.string(),
  channel_id: z.string(),
  trigger_id: z.string(),
  response_url: z.string().optional(),
});
export const interaction = z.looseObject({
  user,
  team: z.looseObject({ id: z.string() }).nullish(),
  trigger_id: z.string().optional(),
  response_url: z.string().optional(),
  channel: z.looseObject({ id: z.string() }).optional(),
  container: z
    .looseObject({ thread_ts: z.string().optional(), channel_id: z.string().optional() })
    .optional(),
  message: z
    .looseObject({ text: z.string().optional(), ts: z.string().optional(), thread_ts: z.string().optional() })
    .optional(),
});
export const pressBody = interaction.extend({
  actions: z.array(z.looseObject({ action_id: z.string(), value: z.string().optional() })).min(1),
});
export const shortcutBody = interaction.extend({ callback_id: z.string() });

/** What a form carries of where it was opened. */
export const formMemory = z.object({
  form: z.string(),
  channel: z.string(),
  thread: z.string().optional(),
});
export type FormMemory = z.output<typeof formMemory>;

const selected = z.looseObject({ value: z.string() });
export const entered = z.looseObject({
  value: z.string().nullish(),
  selected_option: selected.nullish(),
  selected_options: z.array(selected).nullish(),
});
export const viewBody = interaction.extend({
  view: z.looseObject({
    id: z.string(),
    private_metadata: z.string(),
    state: z.looseObject({ values: z.record(z.string(), z.record(z.string(), entered)) }),
  }),
});
