// Why a request cannot be found, decided or taken back, in both languages.
import type { Approval } from '../../../models/approval.ts';
import { AppError } from '../../core/errors.ts';
import { shortIdOf } from './parts.ts';
import { caseOf, sentenceOf } from './words.ts';

const conflict = (text: string, inHindi: string): AppError =>
  new AppError('record.conflict', text, { inHindi });

const hindiTitle = (approval: Approval): string => caseOf(approval, 'hi').title;

export const noRequest = (said: string): AppError =>
  new AppError('record.not_found', `There is no request “${said}”. “approvals” lists them.`, {
    inHindi: `“${said}” नाम का कोई अनुरोध नहीं है। सभी अनुरोध देखने के लिए लिखें: approvals`,
  });

export const severalRequests = (said: string): AppError =>
  conflict(
    `“${said}” is the beginning of several requests; type more of it.`,
    `“${said}” से कई अनुरोधों के id शुरू होते हैं; थोड़ा और लिखें।`,
  );

/** Says who decided. */
export const decidedAlready = (approval: Approval, zone: string): AppError =>
  conflict(
    `“${approval.title}” is decided: ${sentenceOf(approval, zone)}.`,
    `“${hindiTitle(approval)}” पर फ़ैसला हो चुका है: ${sentenceOf(approval, zone, 'hi')}।`,
  );

export function askedByOthers(other: Approval, zone: string): AppError {
  const { title, requester } = other;
  const isProtocol = requester.kind === 'system';
  const short = shortIdOf(other);
  return conflict(
    `${isProtocol ? 'The protocol' : requester.name} has asked for “${title}” already (${sentenceOf(other, zone)}): ` +
      `decide that first, /approve ${short}`,
    `${isProtocol ? 'प्रोटोकॉल' : requester.name} ने पहले ही “${hindiTitle(other)}” की मंज़ूरी माँगी है ` +
      `(${sentenceOf(other, zone, 'hi')}): पहले उस पर फ़ैसला करें, /approve ${short}`,
  );
}

export const notYours = (approval: Approval): AppError =>
  new AppError(
    'permission.denied',
    `“${approval.title}” was asked by ${approval.requester.name}: they or an admin can take it back. You can reject it.`,
    {
      inHindi:
        `“${hindiTitle(approval)}” ${approval.requester.name} ने माँगा था: वे या कोई एडमिन इसे वापस ले सकते हैं। ` +
        'आप इसे नामंज़ूर कर सकते हैं।',
    },
  );
