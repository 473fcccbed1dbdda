// Spreads the work over destinations: a bounded number at a time for each kind of channel, each by one worker alone.
import type { Destination } from '../../models/destination.ts';
import type { Breather } from '../core/breather.ts';
import type { Channel } from '../core/channel.ts';
import { type DeliverParts, deliverDestination } from './deliver-destination.ts';
import { claim } from './hold.ts';

/** Destinations of one scheme that are worked on at a time: hanging webhooks take no place from chat. */
const PLACES = 16;

export interface Deliverer {
  /** Starts work on destinations that are awake, of these schemes or of all; returns how many it started. */
  fill(schemes?: ReadonlySet<string>): Promise<number>;
  /** Resolves when nothing that was started is still running. */
  idle(): Promise<void>;
}

export function createDeliverer(
  parts: DeliverParts & {
    readonly channels: readonly Channel[];
    /** Names this process in leases. */
    readonly worker: string;
    /** Holds work back while the process does not keep up with what comes in. */
    readonly breathe: Breather;
    /** Called when a place of that scheme has become free. */
    readonly freed: (scheme: string) => void;
  },
): Deliverer {
  const { destinations, clock, logger, channels, worker, breathe, freed, stopping } = parts;
  const running = new Map(channels.map((channel) => [channel.scheme, new Set<Promise<void>>()]));
  const all = destinations.acrossTenants('deliver');

  async function work(channel: Channel, candidate: Destination): Promise<boolean> {
    const claimed = await claim(destinations, candidate, worker, clock.now());
    if (!claimed) return false;
    const places = running.get(channel.scheme);
    const task = breathe()
      .then(() => deliverDestination(parts, channel, claimed))
      .catch((thrown: unknown) => {
        logger.error({ err: thrown, destination: candidate.name }, 'delivery stopped; it will be taken up');
      })
      .finally(() => {
        places?.delete(task);
        freed(channel.scheme);
      });
    places?.add(task);
    return true;
  }

  async function fillFrom(channel: Channel): Promise<number> {
    const free = PLACES - (running.get(channel.scheme)?.size ?? 0);
    if (free <= 0 || stopping()) return 0;
    const awake = await all.find({
      where: { scheme: channel.scheme, wakeAt: { lte: clock.now() } },
      sort: [['wakeAt', 1]],
      limit: free,
    });
    const started = await Promise.all(awake.map((candidate) => work(channel, candidate)));
    return started.filter(Boolean).length;
  }

  return {
    fill: async (schemes) => {
      const looked = schemes ? channels.filter(({ scheme }) => schemes.has(scheme)) : channels;
      return (await Promise.all(looked.map(fillFrom))).reduce((sum, count) => sum + count, 0);
    },
    idle: async () => {
      for (;;) {
        const tasks = [...running.values()].flatMap((places) => [...places]);
        if (tasks.length === 0) return;
        await Promise.all(tasks);
      }
    },
  };
}
