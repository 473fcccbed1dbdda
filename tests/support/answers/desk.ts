// The whole program over the store in memory, asked verb by verb in one language; every call is kept with its answer.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryStore } from '../../../models/memory-store.ts';
import type { Store } from '../../../models/store.ts';
import { readConfig } from '../../../src/config.ts';
import type { Actor, Door, Principal } from '../../../src/core/actor.ts';
import type { Language } from '../../../src/core/context.ts';
import { createIds } from '../../../src/core/ids.ts';
import { createLogger } from '../../../src/core/logger.ts';
import type { Reply } from '../../../src/core/reply.ts';
import { createScrubber } from '../../../src/core/scrub.ts';
import { openDataDir } from '../../../src/data-dir.ts';
import { createProgram, type Program } from '../../../src/program.ts';
import { testCtx } from '../context.ts';
import { createSteppingClock, type SteppingClock } from '../stepping-clock.ts';
import { hireInto } from '../talkers/team.ts';

export interface Answer {
  readonly verb: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly output: Readonly<Record<string, unknown>>;
  readonly reply: Reply;
}

export interface Desk {
  readonly store: Store;
  readonly clock: SteppingClock;
  readonly program: Program;
  readonly answers: readonly Answer[];
  /** Two owners and a manager of the team, all of one language. */
  readonly meera: Principal;
  readonly ravi: Principal;
  readonly asha: Principal;
  /** Runs a verb and keeps its answer; Meera asks unless told, in the console. */
  says(verb: string, input?: Answer['input'], as?: { by?: Actor; door?: Door }): Promise<Answer['output']>;
  /** Works the runs of the protocol that wait. */
  runProtocol(): Promise<void>;
  close(): void;
}

export async function openDesk(language: Language): Promise<Desk> {
  const clock = createSteppingClock();
  const folder = mkdtempSync(join(tmpdir(), 'answers-'));
  const config = readConfig({ DATA_DIR: folder, ALERT_EMAIL: 'ops@example.com' });
  const ids = createIds();
  const store = createMemoryStore();
  const logger = createLogger({
    level: 'error',
    sink: { write: () => undefined },
    scrub: createScrubber(),
  });
  const program = createProgram({
    ...{ config, keys: openDataDir(config, ids).keys, store, clock, ids, logger },
    random: () => 0.5,
    publicUrl: () => 'http://127.0.0.1:3000',
    startWork: () => undefined,
  });
  const meera = await hireInto(store, 'Meera', 'owner', language);
  const ravi = await hireInto(store, 'Ravi', 'owner', language);
  const asha = await hireInto(store, 'Asha', 'manager', language);
  const answers: Answer[] = [];

  async function says(verb: string, input: Answer['input'] = {}, as: { by?: Actor; door?: Door } = {}) {
    const { by = meera.actor, door = 'console' } = as;
    const { operation: _, ...ctx } = testCtx({ actor: by, door, now: clock.now(), language });
    const outcome = await program.dispatcher.run({ operation: verb, raw: input, ctx });
    const output = outcome.output as Answer['output'];
    answers.push({ verb, input, output, reply: outcome.reply });
    return output;
  }

  return {
    ...{ store, clock, program, answers, meera, ravi, asha, says },
    async runProtocol() {
      await program.services.protocol.tick(new AbortController().signal);
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A text out of what a verb gave. */
export const textOf = (output: Answer['output'], field: string): string => String(output[field]);

/** The first of a list that a verb gave, and a text out of it. */
export function firstOf(output: Answer['output'], list: string, field: string): string {
  const [first] = output[list] as readonly Answer['output'][];
  return textOf(first ?? {}, field);
}
