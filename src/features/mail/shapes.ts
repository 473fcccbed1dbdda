// What the verbs of mail answer with, as JSON can say it.
import { z } from 'zod';
import { mailStates } from '../../../models/mail-state.ts';
import { suppressionHolders } from '../../../models/suppression.ts';
import { mailCategories } from '../../core/mail.ts';
import type { HoldView, MailView } from './views.ts';

const date = z.iso.datetime();

export const shownMail = z.object({
  id: z.string(),
  to: z.string(),
  subject: z.string(),
  template: z.string(),
  category: z.enum(mailCategories),
  state: z.enum(mailStates),
  provider: z.enum(['resend', 'mock']).nullable(),
  why: z.string().nullable(),
  givenUp: z.boolean(),
  at: date,
  stateAt: date,
  openedAt: date.nullable(),
  clickedAt: date.nullable(),
  mayResend: z.boolean(),
  emptiedAt: date.nullable().describe('when its words were emptied for their age'),
});
export type ShownMail = z.output<typeof shownMail>;

export const shownHold = z.object({
  id: z.string(),
  address: z.string(),
  holder: z.enum(suppressionHolders),
  reason: z.string(),
  since: date,
});

export type ShownHold = z.output<typeof shownHold>;

export const show = <V extends MailView>(view: V) => ({
  ...view,
  at: view.at.toISOString(),
  stateAt: view.stateAt.toISOString(),
  openedAt: view.openedAt?.toISOString() ?? null,
  clickedAt: view.clickedAt?.toISOString() ?? null,
  emptiedAt: view.emptiedAt?.toISOString() ?? null,
});
export const showHold = (view: HoldView) => ({ ...view, since: view.since.toISOString() });
