// The verbs of approvals: what waits, one request in full, yes, no, and taking one's own back.
import { z } from 'zod';
import { operationsOf } from '../../core/operation.ts';
import { approvalViews } from './lookup.ts';
import { approvalReply, listReply, votedReply } from './replies.ts';
import type { Approvals } from './service.ts';
import { approvalShape, listedApproval, listedShape, shownApproval } from './shapes.ts';

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
      return { approvals: found.approvals.map((one) => listedApproval(one, ctx)), total: found.total };
    },
    reply: ({ approvals, total }, { view }, { language }) => listReply(approvals, total, { view, language }),
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
      return shownApproval(found, ctx, approvalReply(found, ctx));
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
      return shownApproval(found, ctx, votedReply(found, ctx));
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
      return shownApproval(found, ctx, votedReply(found, ctx));
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
      return shownApproval(found, ctx, votedReply(found, ctx));
    },
    reply: ({ view }) => view,
  }),
] as const;
