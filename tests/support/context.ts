// A call's context and a clock that moves only when told, for tests of services.
import type { Actor } from '../../src/core/actor.ts';
import type { Clock } from '../../src/core/clock.ts';
import type { Ctx } from '../../src/core/context.ts';

export const asha: Actor = { kind: 'person', id: 'usr_asha', name: 'Asha', role: 'manager' };
export const ravi: Actor = { kind: 'person', id: 'usr_ravi', name: 'Ravi', role: 'user' };

let calls = 0;

/** A context of the default tenant with an effect key of its own, unless told otherwise. */
export function testCtx(given: Partial<Ctx> = {}): Ctx {
  calls += 1;
  return {
    tenant: 'default',
    actor: asha,
    door: 'console',
    operation: 'test.run',
    effectKey: `effect-${calls}`,
    requestId: `req_${calls}`,
    now: new Date('2026-11-02T09:30:00Z'),
    zone: 'Asia/Kolkata',
    language: 'en',
    ...given,
  };
}

/** A clock under the test's hand: `sleep` returns at once and moves it. */
export class TestClock implements Clock {
  #now: number;

  constructor(start = '2026-11-02T09:30:00Z') {
    this.#now = Date.parse(start);
  }

  now(): Date {
    return new Date(this.#now);
  }

  monotonicMs(): number {
    return this.#now;
  }

  async sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    if (!signal?.aborted) this.advance(durationMs);
    await new Promise((resolve) => setImmediate(resolve));
  }

  advance(durationMs: number): void {
    this.#now += durationMs;
  }
}
