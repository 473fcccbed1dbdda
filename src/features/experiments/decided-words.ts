// Who decided a proposal and when, in both languages.
import { DateTime } from 'luxon';
import type { Proposal } from '../../../models/experiment.ts';
import type { Language } from '../../core/context.ts';

const howInHindi = {
  approved: 'मंज़ूर किया',
  rejected: 'नामंज़ूर किया',
  withdrawn: 'वापस लिया',
  open: 'खुला छोड़ा',
} as const;

/** In one sentence without a stop, for a second press and for the card; in English unless told. */
export function decidedSentence(proposal: Proposal, zone: string, language: Language = 'en'): string {
  const { decidedBy, decidedAt, status } = proposal;
  const reason = proposal.reason === '' ? '' : `: ${proposal.reason}`;
  const time = decidedAt && DateTime.fromJSDate(decidedAt, { zone });
  if (language === 'en')
    return `${decidedBy ?? 'Somebody'} ${status} it on ${time?.toFormat("d LLL 'at' HH:mm") ?? ''}${reason}`;
  const at = time ? ` ${time.setLocale('hi').toFormat('d LLLL, HH:mm')} बजे` : '';
  return `${decidedBy ?? 'किसी'} ने${at} ${howInHindi[status]}${reason}`;
}
