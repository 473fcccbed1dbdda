// `npm run protocol`: runs the protocol once and prints the run as JSON, or goes on watching its slots.
import { parseArgs } from 'node:util';
import { exitCodeOf, explain } from './command-errors.ts';
import { AppError } from './core/errors.ts';
import { stepOrder } from './core/protocol-step.ts';
import { DEFAULT_TENANT } from './core/tenant.ts';
import { shownRun } from './features/protocol/shapes.ts';
import { openWorkbench, type Workbench } from './workbench.ts';

const BEAT_MS = 10_000;
const USAGE = 'npm run protocol -- --once [--step experiments] | --watch';

async function main(argv: readonly string[]): Promise<number> {
  const { once, watch, step } = readOptions(argv);
  const bench = await openWorkbench();
  try {
    if (once) return await runOnce(bench, step);
    if (watch) await watchSlots(bench);
    return 0;
  } finally {
    await bench.close();
  }
}

/** 0 when the run completed, 1 when it did not. */
async function runOnce(bench: Workbench, steps: readonly string[]): Promise<number> {
  const { program, ports, config, actor } = bench;
  const { protocol } = program.services;
  const requestId = ports.ids.fresh('req');
  const ctx = {
    tenant: DEFAULT_TENANT,
    actor,
    door: 'cli' as const,
    operation: 'protocol.run',
    effectKey: requestId,
    requestId,
    now: ports.clock.now(),
    zone: config.BUSINESS_TIMEZONE,
    language: 'en' as const,
  };
  const started = await protocol.start(ctx, steps);
  const run = await protocol.finish(DEFAULT_TENANT, started._id, new AbortController().signal);
  if (bench.isAlone) await program.outbox.drain();
  process.stdout.write(`${JSON.stringify(shownRun(run), null, 2)}\n`);
  return run.status === 'completed' ? 0 : 1;
}

async function watchSlots({ program, ports }: Workbench): Promise<void> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  program.outbox.start();
  while (!stop.signal.aborted) {
    await program.services.protocol.tick(stop.signal);
    await ports.clock.sleep(BEAT_MS, stop.signal);
  }
  await program.outbox.stop();
}

function readOptions(argv: readonly string[]) {
  const options = {
    once: { type: 'boolean' },
    watch: { type: 'boolean' },
    step: { type: 'string', multiple: true },
  } as const;
  const { values } = parsed(() => parseArgs({ args: [...argv], options }));
  const { once = false, watch = false, step = [] } = values;
  const unknown = step.find((name) => !stepOrder.some((known) => known === name));
  if (unknown !== undefined) throw usage(`there is no step “${unknown}”; there are ${stepOrder.join(', ')}`);
  if (once === watch) throw usage('say either --once or --watch');
  return { once, watch, step };
}

function parsed<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw usage(error instanceof Error ? error.message : String(error));
  }
}

function usage(problem: string): AppError {
  return new AppError('input.invalid', `${problem}\nUsage: ${USAGE}`);
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${explain(error)}\n`);
    process.exit(exitCodeOf(error));
  },
);
