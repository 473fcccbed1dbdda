// Why a vote is not taken, in both languages.
import type { Approval } from '../../../models/approval.ts';
import type { Actor } from '../../core/actor.ts';
import type { Language } from '../../core/context.ts';
import { AppError } from '../../core/errors.ts';
import { permissions } from '../../core/permissions.ts';
import { shortIdOf } from './parts.ts';

const denied = (text: string, inHindi: string): AppError =>
  new AppError('permission.denied', text, { inHindi });

export const forPeopleAlone = (): AppError =>
  denied(
    'A vote is for people alone: a service account never decides.',
    'मत सिर्फ़ लोग दे सकते हैं: सर्विस खाता कभी फ़ैसला नहीं करता।',
  );

export const mayNotVote = ({ role }: Pick<Actor, 'role'>, { voters }: Pick<Approval, 'voters'>): AppError =>
  denied(
    `Your role is ${role}. To vote on this you need ${voters} (${permissions[voters].allows}).`,
    `आपकी भूमिका ${role} है। इस पर मत देने के लिए ${voters} की अनुमति चाहिए।`,
  );

export const noVoter = ({ kind }: Pick<Actor, 'kind'>): AppError =>
  kind === 'cli'
    ? denied(
        'The operator at the machine is nobody’s second pair of eyes. Vote as yourself, signed in.',
        'मशीन पर बैठा ऑपरेटर किसी और की जगह जाँच नहीं कर सकता। साइन इन करके अपने नाम से मत दें।',
      )
    : denied('You are not on the team any more.', 'अब आप टीम में नहीं हैं।');

/** @param others names of those who may vote. */
export const askedItself = (others: string): AppError =>
  denied(
    `You asked for this, so somebody else must approve it: ${others}.`,
    `यह आपने माँगा है, इसलिए इसे कोई और मंज़ूर करे: ${others}।`,
  );

export function otherPayload(approval: Approval, hash: string): AppError {
  const [seen, real, short] = [hash.slice(0, 8), approval.payloadHash.slice(0, 8), shortIdOf(approval)];
  return new AppError(
    'record.conflict',
    `That vote is for another payload (${seen}); this request is ${real}. Look at it again: approval show ${short}`,
    {
      inHindi: `यह मत किसी और पेलोड (${seen}) के लिए है; इस अनुरोध का पेलोड ${real} है। फिर से देखें: approval show ${short}`,
    },
  );
}

/** One person in the place of two: only a typed word makes it a decision. */
export function untyped(approval: Approval, language: Language): AppError {
  const id = shortIdOf(approval);
  const problem = {
    en: 'type the id of the request to confirm',
    hi: 'इसे सिर्फ़ आप मंज़ूर कर सकते हैं; पक्का करने के लिए अनुरोध का id लिखें',
  };
  return new AppError(
    'approval.confirm',
    `You are the only one who can approve “${approval.title}”, so it is recorded as self-approved. ` +
      `To confirm, type its id: /approve ${id} --confirm ${id}`,
    { fields: [{ field: 'confirm', problem: problem[language], example: id }] },
  );
}
