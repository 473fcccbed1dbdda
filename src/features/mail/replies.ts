// How the verbs of mail answer in chat.
import type { MailState } from '../../../models/mail-state.ts';
import type { Language } from '../../core/context.ts';
import { code, context, fields, type Reply, reply, type Text, table, withStatus } from '../../core/reply.ts';
import type { ShownHold, ShownMail } from './shapes.ts';
import { stateMark, stateWords, subjectWords, words } from './words.ts';

export const queued = (fact: Text, { id }: ShownMail): Reply =>
  withStatus('ok', reply(fact, context([{ code: id }])));

/** One mail with the text that its reader got. */
export function shownOne(
  one: ShownMail & { readonly from: string; readonly text: string },
  language: Language,
): Reply {
  const say = words[language];
  return withStatus(
    stateMark(one),
    reply(
      say.stands(subjectWords(one, language), stateWords(one, language)),
      fields({
        [say.to]: one.to,
        [say.from]: one.from,
        [say.template]: one.template,
        id: [{ code: one.id }],
      }),
      one.emptiedAt === null ? code(one.text) : context(say.emptied(one.emptiedAt.slice(0, 10))),
    ),
  );
}

/** @param state when only those that stand there were asked for. */
export function listed(
  mails: readonly ShownMail[],
  total: number,
  state: MailState | undefined,
  language: Language,
): Reply {
  const say = words[language];
  if (mails.length === 0) return reply(state === undefined ? say.noneYet : say.noneIn(state));
  const columns = say.mailColumns.map((label) => ({ label }));
  const cells = mails.map((one) => [
    one.to,
    subjectWords(one, language),
    stateWords(one, language),
    one.why ?? '',
    [{ code: one.id }],
  ]);
  const worst = mails.some((one) => stateMark(one) === 'act');
  return withStatus(worst ? 'look' : 'ok', reply(say.mails(total, mails.length), table(columns, cells)));
}

export function listedHolds(holds: readonly ShownHold[], language: Language): Reply {
  const say = words[language];
  if (holds.length === 0) return reply(say.nobodyHeld);
  return reply(
    say.held(holds.length),
    table(
      say.heldColumns.map((label) => ({ label })),
      holds.map((hold) => [hold.address, say.holders[hold.holder], hold.reason]),
    ),
  );
}
