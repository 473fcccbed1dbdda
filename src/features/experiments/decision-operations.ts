// The verbs that decide on an experiment: approve, reject, roll back, policy, start and stop.
import { z } from 'zod';
import { policyModes } from '../../../models/experiment.ts';
import { operationsOf } from '../../core/operation.ts';
import { context, reply, text, withStatus } from '../../core/reply.ts';
import type { Experiments } from './proposals.ts';
import { replyWords } from './reply-words.ts';
import { decidedShape, experimentKey, shownDecision } from './shapes.ts';
import { switchedReply } from './switch-operation.ts';

const operation = operationsOf<{ readonly experiments: Experiments }>();

const look = z
  .int()
  .min(1)
  .exactOptional()
  .describe('the look that the proposal rests on; the open one unless said');
const which = { experiment: { en: 'Which experiment?', hi: 'कौन सा प्रयोग?' } };

export const decisionOperations = [
  operation({
    name: 'experiment.approve',
    summary: { en: 'Approve the proposed switch of an experiment', hi: 'प्रस्तावित बदलाव मंज़ूर करें' },
    permission: 'experiment.approve',
    effect: 'write',
    danger: 'none',
    input: z.strictObject({
      experiment: experimentKey,
      look,
      note: z.string().trim().max(500).default('').describe('why'),
    }),
    output: decidedShape,
    chat: {
      positional: ['experiment', 'note'],
      examples: ['experiment approve onboarding-offer'],
      questions: which,
    },
    run: async ({ services, ...ctx }, input) =>
      shownDecision(
        await services.experiments.approve(ctx, input.experiment, input.look, input.note),
        ctx.actor.name,
      ),
    reply: (output, _input, { language }) => switchedReply(output, language),
  }),
  operation({
    name: 'experiment.reject',
    summary: { en: 'Reject the proposed switch of an experiment', hi: 'प्रस्तावित बदलाव नामंज़ूर करें' },
    permission: 'experiment.approve',
    effect: 'write',
    danger: 'none',
    input: z.strictObject({
      experiment: experimentKey,
      look,
      reason: z.string().trim().max(500).default('').describe('why not'),
    }),
    output: decidedShape,
    chat: {
      positional: ['experiment', 'reason'],
      examples: ['experiment reject onboarding-offer The credit costs too much'],
      questions: which,
    },
    run: async ({ services, ...ctx }, input) =>
      shownDecision(
        await services.experiments.reject(ctx, input.experiment, input.look, input.reason),
        ctx.actor.name,
      ),
    reply: (output, _input, { language }) => {
      const say = replyWords[language];
      const more = [text(say.rejectedBy(output)), context(say.startAgain(output))];
      return withStatus('ok', reply(say.kept(output), ...more));
    },
  }),
  operation({
    name: 'experiment.rollback',
    summary: { en: 'Undo the last switch of an experiment', hi: 'पिछला बदलाव वापस लें' },
    permission: 'experiment.approve',
    effect: 'write',
    danger: 'confirm',
    input: z.strictObject({
      experiment: experimentKey,
      reason: z.string().trim().min(1).max(500).describe('why').meta({ example: '"Refunds went up"' }),
    }),
    output: decidedShape,
    chat: {
      positional: ['experiment', 'reason'],
      examples: ['experiment rollback onboarding-offer Refunds went up'],
      questions: { ...which, reason: { en: 'Why is it rolled back?', hi: 'क्यों वापस लिया जा रहा है?' } },
    },
    run: async ({ services, ...ctx }, input) =>
      shownDecision(await services.experiments.rollBack(ctx, input.experiment, input.reason), ctx.actor.name),
    reply: (output, _input, { language }) => {
      const say = replyWords[language];
      return withStatus('ok', reply(say.back(output), text(say.backBy(output))));
    },
  }),
  operation({
    name: 'experiment.policy',
    summary: { en: 'Set how an experiment may be switched', hi: 'प्रयोग की नीति तय करें' },
    permission: 'experiment.manage',
    effect: 'write',
    danger: 'confirm',
    input: z.strictObject({
      experiment: experimentKey,
      mode: z.enum(policyModes).describe('approve: ask; auto: switch and say so; watch: never'),
      minDays: z.int().min(1).max(90).exactOptional().describe('full days before the first look'),
      minConversions: z
        .int()
        .min(1)
        .max(1_000_000)
        .exactOptional()
        .describe('conversions that each arm needs'),
      horizonDays: z.int().min(1).max(365).exactOptional().describe('days after which the test ends'),
    }),
    output: z.object({
      experiment: z.string(),
      mode: z.enum(policyModes),
      minDays: z.int(),
      minConversionsPerArm: z.int(),
      horizonDays: z.int(),
    }),
    chat: {
      positional: ['experiment', 'mode'],
      examples: ['experiment policy onboarding-offer auto'],
      questions: { ...which, mode: { en: 'approve, auto or watch?', hi: 'approve, auto या watch?' } },
    },
    run: async ({ services, ...ctx }, { experiment, mode, minDays, minConversions, horizonDays }) => {
      const changes = {
        mode,
        ...(minDays === undefined ? {} : { minDays }),
        ...(minConversions === undefined ? {} : { minConversionsPerArm: minConversions }),
        ...(horizonDays === undefined ? {} : { horizonDays }),
      };
      const { key, policy } = await services.experiments.setPolicy(ctx, experiment, changes);
      return { experiment: key, ...policy };
    },
    reply: (output, _input, { language }) => {
      const say = replyWords[language];
      return withStatus('ok', reply(say.policy(output), text(say.policyRules(output))));
    },
  }),
  operation({
    name: 'experiment.start',
    summary: { en: 'Go on with a stopped experiment', hi: 'प्रयोग फिर शुरू करें' },
    permission: 'experiment.manage',
    effect: 'write',
    danger: 'none',
    input: z.strictObject({ experiment: experimentKey }),
    output: decidedShape,
    chat: { positional: ['experiment'], examples: ['experiment start onboarding-offer'], questions: which },
    run: async ({ services, ...ctx }, input) =>
      shownDecision(await services.experiments.start(ctx, input.experiment), ctx.actor.name),
    reply: (output, _input, { language }) => withStatus('ok', reply(replyWords[language].started(output))),
  }),
  operation({
    name: 'experiment.stop',
    summary: { en: 'Stop looking at an experiment', hi: 'प्रयोग रोकें' },
    permission: 'experiment.manage',
    effect: 'write',
    danger: 'confirm',
    input: z.strictObject({ experiment: experimentKey }),
    output: decidedShape,
    chat: { positional: ['experiment'], examples: ['experiment stop onboarding-offer'], questions: which },
    run: async ({ services, ...ctx }, input) =>
      shownDecision(await services.experiments.stop(ctx, input.experiment), ctx.actor.name),
    reply: (output, _input, { language }) => withStatus('ok', reply(replyWords[language].stopped(output))),
  }),
] as const;
