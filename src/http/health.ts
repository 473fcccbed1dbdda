// Health in the form of draft-inadarei-api-health-check: a status for everybody, details for those who may see them.
import type { Request, Response } from 'express';
import type { Clock } from '../core/clock.ts';
import { holds } from '../core/permissions.ts';
import { isOnLoopback } from './caller-address.ts';
import type { HealthCheck, HealthReading, HealthStatus } from './options.ts';
import { stateOf } from './request-state.ts';
import type { Routes } from './routes.ts';

const SLOWEST_CHECK_MS = 5_000;
const order: readonly HealthStatus[] = ['pass', 'warn', 'fail'];

export interface HealthOptions {
  readonly version: string;
  readonly clock: Clock;
  readonly checks: readonly HealthCheck[];
  /** Whether requests are taken: false once the server is closing. */
  readonly takesRequests: () => boolean;
}

interface Checked extends HealthReading {
  readonly check: HealthCheck;
  readonly time: string;
}

export function addHealthRoutes(routes: Routes, options: HealthOptions): void {
  const { version, clock, checks, takesRequests } = options;
  const startedMs = clock.monotonicMs();
  const uptime = () => ({
    componentType: 'system',
    observedValue: Math.floor((clock.monotonicMs() - startedMs) / 1000),
    observedUnit: 's',
    status: 'pass',
    time: clock.now().toISOString(),
  });

  routes.add('GET', '/health', async (req, res) => {
    const readings = await readAll(checks, clock);
    const status = worstOf(readings);
    const details = maySeeDetails(req) ? { checks: { uptime: [uptime()], ...detailsOf(readings) } } : {};
    send(res, status, { status, version, description: 'Wardroom', ...details });
  });
  routes.add('GET', '/health/live', (_req, res) => send(res, 'pass', { status: 'pass' }));
  routes.add('GET', '/health/ready', async (req, res) => {
    const readings = await readAll(
      checks.filter((check) => check.neededToServe),
      clock,
    );
    const status = takesRequests() && worstOf(readings) !== 'fail' ? 'pass' : 'fail';
    send(res, status, maySeeDetails(req) ? { status, checks: detailsOf(readings) } : { status });
  });
}

/** Details go to the machine itself, and to those who hold `operations.read`. */
export function maySeeDetails(req: Request): boolean {
  const { principal } = stateOf(req);
  return principal ? holds(principal.actor.role, 'operations.read') : isOnLoopback(req);
}

async function readAll(checks: readonly HealthCheck[], clock: Clock): Promise<Checked[]> {
  return await Promise.all(
    checks.map(async (check) => ({
      check,
      ...(await readOne(check, clock)),
      time: clock.now().toISOString(),
    })),
  );
}

/** A check that throws or hangs is a failure with its reason, never a request that hangs. */
async function readOne(check: HealthCheck, clock: Clock): Promise<HealthReading> {
  const late = new AbortController();
  const tooSlow: Promise<HealthReading> = clock
    .sleep(SLOWEST_CHECK_MS, late.signal)
    .then(() => ({ status: 'fail', output: `no answer within ${SLOWEST_CHECK_MS} ms` }));
  try {
    return await Promise.race([check.read(), tooSlow]);
  } catch (error) {
    return { status: 'fail', output: error instanceof Error ? error.message : 'failed' };
  } finally {
    late.abort();
  }
}

function worstOf(readings: readonly Checked[]): HealthStatus {
  return readings.reduce<HealthStatus>(
    (worst, { status }) => (order.indexOf(status) > order.indexOf(worst) ? status : worst),
    'pass',
  );
}

function detailsOf(readings: readonly Checked[]) {
  return Object.fromEntries(
    readings.map(({ check, ...reading }) => [
      check.name,
      [{ componentType: check.componentType, ...reading }],
    ]),
  );
}

function send(res: Response, status: HealthStatus, body: Readonly<Record<string, unknown>>): void {
  res
    .status(status === 'fail' ? 503 : 200)
    .set('Cache-Control', 'no-store')
    .type('application/health+json')
    .send(JSON.stringify(body));
}
