// The one verb of experiments that people must approve: it makes the proposed winner the default.
import { z } from 'zod';
import type { Language } from '../../core/context.ts';
import { together } from '../../core/names.ts';
import { operationsOf } from '../../core/operation.ts';
import { context, type Reply, reply, text, withStatus } from '../../core/reply.ts';
import { type Experiments, SWITCH } from './proposals.ts';
import { replyWords } from './reply-words.ts';
import { decidedShape, experimentKey, shownDecision } from './shapes.ts';

const operation = operationsOf<{ readonly experiments: Experiments }>();

export const switchOperation = operation({
  name: SWITCH,
  summary: { en: 'Ask that the proposed winner becomes the default', hi: 'विजेता को डिफ़ॉल्ट बनाने की माँग' },
  permission: 'experiment.propose',
  effect: 'write',
  danger: 'approve',
  approval: {
    permission: 'experiment.approve',
    describe: ({ services, ...ctx }, input) => services.experiments.describe(ctx, input),
    ended: ({ services, ...ctx }, input, end) => services.experiments.ended(ctx, input, end),
  },
  input: z.strictObject({
    experiment: experimentKey,
    look: z.int().min(1).describe('the look that the proposal rests on').meta({ example: 3 }),
    winner: z
      .string()
      .min(1)
      .max(200)
      .describe('the variant that new units shall get')
      .meta({ example: 'b' }),
  }),
  output: decidedShape,
  chat: {
    positional: ['experiment', 'look', 'winner'],
    examples: ['experiment switch onboarding-offer 3 credit_5000'],
    questions: {
      experiment: { en: 'Which experiment?', hi: 'कौन सा प्रयोग?' },
      look: { en: 'Which look does it rest on?', hi: 'किस नज़र पर आधारित है?' },
      winner: { en: 'Which variant shall new units get?', hi: 'नए लोगों को कौन सा रूप मिले?' },
    },
  },
  run: async ({ services, ...ctx }, { experiment, look, winner }) => {
    const approvers = ctx.approval?.approvedBy.map(({ name }) => name) ?? [];
    const by = approvers.length > 0 ? together(approvers) : ctx.actor.name;
    const decider = { by, at: ctx.approval?.approvedAt ?? ctx.now, reason: ctx.approval?.note ?? '' };
    const after = await services.experiments.switchTo(ctx, experiment, { look, winner }, decider);
    return shownDecision(after, by);
  },
  reply: (output, _input, { language }) => switchedReply(output, language),
});

/** What whoever decided is told once the switch is made. */
export function switchedReply(output: z.output<typeof decidedShape>, language: Language): Reply {
  const say = replyWords[language];
  return withStatus(
    'ok',
    reply(say.switched(output), text(say.switchedBy(output)), context(say.undo(output))),
  );
}
