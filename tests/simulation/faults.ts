// What goes wrong in a simulation, and how often: each seed has some of these kinds and not others.
import type { Channel } from '../../src/core/channel.ts';
import { AppError } from '../../src/core/errors.ts';
import type { Chance, VirtualTime } from './virtual-time.ts';

/** Probabilities for each call, spans in milliseconds. */
export interface Faults {
  /** The process dies before or after a call. */
  readonly crash: number;
  /** The store fails before it does anything. */
  readonly storeDown: number;
  /** The store does it, and the answer is lost. */
  readonly storeAnswerLost: number;
  /** A call takes very long. */
  readonly stall: number;
  readonly stallMs: number;
  readonly platformDown: number;
  readonly platformAnswerLost: number;
  readonly limited: number;
  readonly refused: number;
  /** The sender has long given up when it arrives. */
  readonly late: number;
  readonly lateMs: number;
  /** A clock is set forward or back by up to an hour. */
  readonly clockJump: number;
}

/** Some kinds of faults, each with a likelihood of its own. */
export function drawFaults(chance: Chance): Faults {
  const some = (least: number, most: number): number =>
    chance.happens(0.5) ? least + (most - least) * chance.fraction() : 0;
  const clockJump = some(0.02, 0.2);
  return {
    crash: some(0.002, 0.02),
    storeDown: some(0.002, 0.03),
    storeAnswerLost: some(0.002, 0.03),
    stall: some(0.005, 0.05),
    stallMs: 45_000,
    platformDown: some(0.02, 0.3),
    platformAnswerLost: some(0.02, 0.2),
    limited: some(0.02, 0.2),
    refused: some(0.01, 0.05),
    // A late edit is mended only while the processes agree on what a minute is.
    late: clockJump > 0 ? 0 : some(0.05, 0.3),
    lateMs: 40_000,
    clockJump,
  };
}

/** A process of the simulation: once dead, nothing it waits for ever comes back. */
export interface Life {
  readonly alive: () => boolean;
  readonly die: () => void;
}

/** Waits, unless the process dies meanwhile: then for ever. */
export function pause(time: VirtualTime, life: Life, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    time.after(delayMs, () => {
      if (life.alive()) resolve();
    });
  });
}

const forEver = <T>(): Promise<T> => new Promise(() => undefined);

interface Surroundings {
  readonly time: VirtualTime;
  readonly chance: Chance;
  readonly faults: Faults;
  readonly life: Life;
}

/** A call on the store with everything that can go wrong around it. */
export function faultyCall(around: Surroundings): <T>(call: string, run: () => Promise<T>) => Promise<T> {
  const { time, chance, faults, life } = around;
  const span = (): number =>
    chance.happens(faults.stall) ? chance.between(1_000, faults.stallMs) : chance.between(0, 20);
  return async (call, run) => {
    await pause(time, life, span());
    if (chance.happens(faults.crash)) life.die();
    if (!life.alive()) return await forEver();
    if (chance.happens(faults.storeDown)) throw new Error(`${call}: the store is down`);
    const result = await run();
    if (chance.happens(faults.crash)) life.die();
    if (!life.alive()) return await forEver();
    await pause(time, life, span());
    if (chance.happens(faults.storeAnswerLost)) throw new Error(`${call}: the answer was lost`);
    return result;
  };
}

/** A channel with a network in front of it: what was sent lands even when its sender is dead by then. */
export function faultyChannel(channel: Channel, around: Surroundings): Channel {
  const { time, chance, faults, life } = around;

  async function through<T>(land: () => Promise<T>): Promise<T> {
    if (chance.happens(faults.crash)) life.die();
    if (!life.alive()) return await forEver();
    if (chance.happens(faults.platformDown)) {
      await pause(time, life, chance.between(1, 2_000));
      throw new AppError('remote.unavailable', 'Nobody listens.', { neverArrived: true });
    }
    if (chance.happens(faults.limited)) {
      const retryAfterMs = chance.between(1_000, 20_000);
      throw new AppError('rate.limited', 'Slow down.', { retryable: true, retryAfterMs });
    }
    if (chance.happens(faults.refused)) throw new AppError('remote.refused', 'Not here.');
    const late = chance.happens(faults.late) ? chance.between(1_000, faults.lateMs) : chance.between(0, 50);
    const landed = new Promise<T>((resolve, reject) => {
      time.after(late, () => void land().then(resolve, reject));
    });
    const result = await landed;
    if (chance.happens(faults.crash)) life.die();
    await pause(time, life, chance.between(0, 50));
    if (chance.happens(faults.platformAnswerLost))
      throw new AppError('remote.unavailable', 'No answer came.');
    return result;
  }

  const { send, showCard } = channel;
  return {
    ...channel,
    send: (message) => through(() => send(message)),
    ...(showCard && {
      showCard: (card, reply, messageId) => through(() => showCard(card, reply, messageId)),
    }),
  };
}
