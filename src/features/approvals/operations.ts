// The verbs of approvals: what waits, one request in full, yes, no, and taking one's own back.
import { z } from 'zod';
import type { Approval } from '../../../models/approval.ts';
import { operationsOf } from '../../core/operation.ts';
import { context, type Reply, reply, table, text, withStatus } from '../../core/reply.ts';
import { approvalViews } from './lookup.ts';
import { approvalReply } from './notices.ts';
import { shortIdOf } from './parts.ts';
import type { Approvals } from './service.ts';
import { approvalShape, type Listed, listedApproval, listedShape, shownApproval } from './shapes.ts';
import { momentOf, progressOf, sentenceOf } from './words.ts';

const operation = operationsOf<{ readonly approvals: Approvals }>();

const approval = z
  .string()
  .trim()
  .min(4)
  .max(60)
  .describe('the id of a request, its first letters, or the key of what it is about')
  .meta({ example: 'k3f9q2' });
const hash = z
  .string()
  .trim()
  .regex(/^[0-9a-f]{8,64}$/i, 'use at least 8 hex digits of the payload’s hash')
  .exactOptional()
  .describe('the payload that was looked at; a vote on another one is refused');
const which = { approval: { en: 'Which request?', hi: 'कौन सा अनुरोध?' } };
const BASE = '/api/approvals';

export const approvalOperations = [
  operation({
    name: 'approval.list',
    summary: { en: 'Show what waits for approval', hi: 'मंज़ूरी के इंतज़ार में क्या है' },
    permission: 'approval.read',
    effect: 'read',
    danger: 'none',
    audience: 'person',
    http: { method: 'GET', path: BASE },
    input: z.strictObject({
      view: z.enum(approvalViews).default('open').describe('waiting for me, open, decided or all'),
      limit: z.int().min(1).max(100).default(20).describe('how many at most'),
    }),
    output: z.object({ approvals: z.array(listedShape), total: z.int() }),
    chat: {
      vocabulary: { view: [{ value: 'waiting', words: ['waits for my', 'wait for me', 'my'] }] },
      said: [
        'what waits for my approval',
        'pending approvals',
        'kya manzoori baki hai',
        'kaun si manzoori pending hai',
        'किसकी मंज़ूरी बाकी है',
      ],
      aliases: ['approvals'],
      positional: ['view'],
      examples: ['approvals', 'approvals decided'],
    },
    run: async ({ services, ...ctx }, { view, limit }) => {
      const found = await services.approvals.list(ctx, view, limit);
      return { approvals: found.approvals.map((one) => listedApproval(one, ctx.zone)), total: found.total };
    },
    reply: ({ approvals, total }, { view }) => listReply(approvals, total, view),
  }),
  operation({
    name: 'approval.show',
    summary: { en: 'Show one request with its evidence and votes', hi: 'एक अनुरोध, प्रमाण और मत' },
    permission: 'approval.read',
    effect: 'read',
    danger: 'none',
    audience: 'person',
    http: { method: 'GET', path: `${BASE}/:approval` },
    input: z.strictObject({ approval }),
    output: approvalShape,
    chat: { positional: ['approval'], examples: ['approval show k3f9q2'], questions: which },
    run: async ({ services, ...ctx }, input) => {
      const found = await services.approvals.find(ctx, input.approval);
      return shownApproval(found, ctx.zone, approvalReply(found, ctx.zone));
    },
    reply: ({ view }) => view,
  }),
  operation({
    name: 'approval.approve',
    summary: { en: 'Approve a request', hi: 'अनुरोध मंज़ूर करें' },
    permission: 'approval.vote',
    effect: 'write',
    danger: 'none',
    audience: 'person',
    http: { method: 'POST', path: `${BASE}/:approval/approve` },
    input: z.strictObject({
      approval,
      note: z.string().trim().max(500).default('').describe('why'),
      hash,
      confirm: z
        .string()
        .trim()
        .max(20)
        .exactOptional()
        .describe('the short id once more, where nobody else could approve'),
    }),
    output: approvalShape,
    chat: {
      said: ['approve the request', 'approve the credit experiment', 'manzoor karo', 'मंज़ूर करो'],
      aliases: ['approve'],
      positional: ['approval', 'note'],
      examples: ['approve k3f9q2', 'approve k3f9q2 Looks right'],
      questions: which,
    },
    run: async ({ services, ...ctx }, { approval: id, ...vote }) => {
      const found = await services.approvals.approve(ctx, id, vote);
      return shownApproval(found, ctx.zone, votedReply(found, ctx.zone));
    },
    reply: ({ view }) => view,
  }),
  operation({
    name: 'approval.reject',
    summary: { en: 'Reject a request', hi: 'अनुरोध नामंज़ूर करें' },
    permission: 'approval.vote',
    effect: 'write',
    danger: 'none',
    audience: 'person',
    http: { method: 'POST', path: `${BASE}/:approval/reject` },
    input: z.strictObject({
      approval,
      reason: z.string().trim().max(500).default('').describe('why not'),
      hash,
    }),
    output: approvalShape,
    chat: {
      aliases: ['reject'],
      positional: ['approval', 'reason'],
      examples: ['reject k3f9q2 The credit costs too much'],
      questions: which,
    },
    run: async ({ services, ...ctx }, { approval: id, reason, ...vote }) => {
      const found = await services.approvals.reject(ctx, id, { note: reason, ...vote });
      return shownApproval(found, ctx.zone, votedReply(found, ctx.zone));
    },
    reply: ({ view }) => view,
  }),
  operation({
    name: 'approval.withdraw',
    summary: { en: 'Take your own request back', hi: 'अपना अनुरोध वापस लें' },
    permission: 'approval.withdraw',
    effect: 'write',
    danger: 'none',
    audience: 'person',
    http: { method: 'POST', path: `${BASE}/:approval/withdraw` },
    input: z.strictObject({
      approval,
      reason: z.string().trim().max(500).default('').describe('why'),
    }),
    output: approvalShape,
    chat: {
      positional: ['approval', 'reason'],
      examples: ['approval withdraw k3f9q2 Not needed any more'],
      questions: which,
    },
    run: async ({ services, ...ctx }, input) => {
      const found = await services.approvals.withdraw(ctx, input.approval, input.reason);
      return shownApproval(found, ctx.zone, votedReply(found, ctx.zone));
    },
    reply: ({ view }) => view,
  }),
] as const;

/** What whoever voted is told: what came of it, or how far it is. */
function votedReply(found: Approval, zone: string): Reply {
  const { title, state, result, expiresAt } = found;
  const id = context([{ code: shortIdOf(found) }]);
  if (state === 'done' && result) return { ...result, blocks: [...result.blocks, id] };
  if (state !== 'open') {
    const status = state === 'failed' || state === 'stale' || state === 'expired' ? 'act' : 'ok';
    return withStatus(
      status,
      reply([{ bold: `${title}: ${state}` }], text(`${sentenceOf(found, zone)}.`), id),
    );
  }
  return withStatus(
    'ok',
    reply(
      [{ bold: `Your vote counts: ${title}` }],
      text(`${progressOf(found)}, until ${momentOf(expiresAt, zone)}. Nothing is done before.`),
      id,
    ),
  );
}

function listReply(approvals: readonly Listed[], total: number, view: (typeof approvalViews)[number]): Reply {
  if (approvals.length === 0) return withStatus('ok', reply(emptyWords[view]));
  const columns = ['Id', 'Request', 'Asked by', 'Votes', 'How it stands'].map((label) => ({ label }));
  const rows = approvals.map((one) => [
    [{ code: one.short }],
    one.title,
    one.requestedBy,
    `${one.given} of ${one.needed}`,
    one.state === 'open' ? one.sentence : `${one.state}: ${one.sentence}`,
  ]);
  const open = approvals.filter(({ state }) => state === 'open').length;
  const head = total === 1 ? '1 request' : `${total} requests`;
  return withStatus(
    open > 0 ? 'look' : 'ok',
    reply(
      `${head}, ${open} to decide`,
      table(columns, rows),
      context('/approve <id> [note] · /reject <id> <reason>'),
    ),
  );
}

const emptyWords: Readonly<Record<(typeof approvalViews)[number], string>> = {
  waiting: 'Nothing waits for you',
  open: 'Nothing waits for approval',
  decided: 'Nothing was decided yet',
  all: 'Nothing was ever asked',
};
