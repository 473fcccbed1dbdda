// The context in which the protocol itself acts: the system, through the door of jobs.
import { systemActor } from '../../core/actor.ts';
import type { Ctx } from '../../core/context.ts';

export function runContext(options: {
  readonly tenant: string;
  readonly zone: string;
  readonly now: Date;
  readonly run: string;
  readonly operation: string;
  readonly effectKey: string;
}): Ctx {
  const { run, ...rest } = options;
  return { ...rest, actor: systemActor, door: 'job', requestId: run, language: 'en' };
}
