// How a request reads as a card, a page or an answer: what would happen, why, who may decide, and the buttons.
import type { Approval } from '../../../models/approval.ts';
import type { CaseWords } from '../../core/approval.ts';
import type { Ctx, Language } from '../../core/context.ts';
import { permissions } from '../../core/permissions.ts';
import {
  type Block,
  buttons,
  context,
  fields,
  list,
  type Reply,
  reply,
  type Text,
  table,
  text,
  withStatus,
} from '../../core/reply.ts';
import type { ApprovalView } from './lookup.ts';
import { shortIdOf } from './parts.ts';
import { words } from './reply-words.ts';
import type { Listed } from './shapes.ts';
import { caseOf, hasEnded, momentOf, progressOf, sentenceOf } from './words.ts';

export type Reader = Pick<Ctx, 'zone' | 'language'>;

/** A request in full: while it is open with what to decide on, later with how it ended. */
export function approvalReply(approval: Approval, reader: Reader): Reply {
  if (approval.state !== 'open') return outcomeReply(approval, reader);
  const say = words[reader.language];
  const asked = caseOf(approval, reader.language);
  const input = { approval: approval._id, hash: approval.payloadHash };
  const yes = asked.approve ?? say.approve;
  return withStatus(
    'look',
    reply(
      [{ bold: `${asked.title}?` }],
      text(asked.summary),
      ...changesOf(asked),
      ...asked.evidence,
      fields(factsOf(approval, reader)),
      buttons(
        { label: yes, operation: 'approval.approve', input, style: 'primary' },
        { label: say.reject, operation: 'approval.reject', input, style: 'danger' },
      ),
      reference(approval, reader.language),
    ),
  );
}

/** Who asks, who may decide, how far it is, and until when. */
function factsOf(approval: Approval, { zone, language }: Reader): Record<string, Text> {
  const { requester, voters, eligible, expiresAt } = approval;
  const say = words[language];
  const progress = progressOf(approval, language);
  return {
    [say.askedBy]: requester.kind === 'system' ? say.theProtocol : requester.name,
    [say.votes]: say.voters(progress, eligible, permissions[voters].role),
    [say.until]: `${momentOf(expiresAt, zone, language)} (${zone})`,
  };
}

function changesOf({ changes }: Pick<CaseWords, 'changes'>): Block[] {
  if (changes.length === 0) return [];
  return [list(changes.map(({ what, before, after }) => [`${what}: ${before} → `, { bold: after }]))];
}

function outcomeReply(approval: Approval, { zone, language }: Reader): Reply {
  const { state } = approval;
  const asked = caseOf(approval, language);
  const status = state === 'failed' ? 'act' : hasEnded(state) ? 'ok' : 'look';
  const said = words[language].state[state === 'executing' ? 'approved' : state];
  const head = reply(
    [{ bold: `${asked.title}: ${said}` }],
    text(`${sentenceOf(approval, zone, language)}${words[language].stop}`),
    ...reportOf(approval, language),
    ...changesOf(asked),
    ...asked.evidence.filter(({ kind }) => kind === 'fields'),
    reference(approval, language),
  );
  return withStatus(status, head);
}

/** What its execution answered; that was written down once, in English. */
function reportOf({ state, result }: Approval, language: Language): readonly Block[] {
  if (state !== 'done' || !result || language !== 'en') return [];
  return result.blocks.filter(({ kind }) => kind !== 'buttons');
}

const reference = (approval: Approval, language: Language): Block =>
  context([
    { code: shortIdOf(approval) },
    words[language].payload,
    { code: approval.payloadHash.slice(0, 8) },
  ]);

/** What whoever asked is told: that nothing is done before others said yes. */
export function askedReply(approval: Approval, { zone, language }: Reader): Reply {
  const { needed, eligible, payloadHash } = approval;
  const say = words[language];
  const short = shortIdOf(approval);
  const hash = payloadHash.slice(0, 8);
  return withStatus(
    'look',
    reply(
      [{ bold: say.asked(caseOf(approval, language).title) }],
      text(say.nothingDone(sentenceOf(approval, zone, language))),
      ...(eligible < needed ? [text(say.scarce(eligible, needed, short))] : []),
      context([{ code: short }, say.payload, { code: hash }, ...say.toSee(short)]),
    ),
  );
}

/** What whoever voted is told: what came of it, or how far it is. */
export function votedReply(found: Approval, { zone, language }: Reader): Reply {
  const { state, result } = found;
  const say = words[language];
  const { title } = caseOf(found, language);
  const id = context([{ code: shortIdOf(found) }]);
  if (state === 'done' && result && language === 'en') return { ...result, blocks: [...result.blocks, id] };
  const sentence = sentenceOf(found, zone, language);
  if (state !== 'open') {
    const status = state === 'failed' || state === 'stale' || state === 'expired' ? 'act' : 'ok';
    const head = [{ bold: `${title}: ${say.state[state]}` }];
    return withStatus(status, reply(head, text(`${sentence}${say.stop}`), id));
  }
  return withStatus('ok', reply([{ bold: say.counts(title) }], text(say.notBefore(sentence)), id));
}

interface Looked {
  readonly view: ApprovalView;
  readonly language: Language;
}

export function listReply(approvals: readonly Listed[], total: number, { view, language }: Looked): Reply {
  const say = words[language];
  if (approvals.length === 0) return withStatus('ok', reply(say.none[view]));
  const columns = say.columns.map((label) => ({ label }));
  const rows = approvals.map(({ short, title, requestedBy, given, needed, state, sentence }) => [
    [{ code: short }],
    title,
    requestedBy,
    say.share(given, needed),
    state === 'open' ? sentence : `${say.state[state]}: ${sentence}`,
  ]);
  const open = approvals.filter(({ state }) => state === 'open').length;
  return withStatus(
    open > 0 ? 'look' : 'ok',
    reply(say.counted(total, open), table(columns, rows), context(say.howTo)),
  );
}
