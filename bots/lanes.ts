// Work of one lane goes one after the other, of different lanes side by side, a few of each platform at once.
import { type Breather, unhindered } from '../src/core/breather.ts';

/** Runs `work` once everything queued before it in its lane is over, however that ended. */
export type Lanes = <T>(lane: string, work: () => Promise<T>) => Promise<T>;

/**
 * So many updates of one platform are worked on at once: in a flood the doors must still acknowledge what comes in,
 * and a platform that answers slowly holds up no other.
 */
const AT_ONCE = 8;

/**
 * @param breathe holds work back while the process does not keep up with what comes in.
 * @param atOnce updates of one platform; what stands before the colon of a lane names it.
 */
export function createLanes(breathe: Breather = unhindered, atOnce: number = AT_ONCE): Lanes {
  const last = new Map<string, Promise<unknown>>();
  const gates = new Map<string, Gate>();

  function gateOf(lane: string): Gate {
    const platform = lane.split(':', 1)[0] ?? '';
    const gate = gates.get(platform) ?? createGate(atOnce);
    gates.set(platform, gate);
    return gate;
  }

  return (lane, work) => {
    const gated = () => gateOf(lane)(() => breathe().then(work));
    const turn = (last.get(lane) ?? Promise.resolve()).then(gated, gated);
    last.set(lane, turn);
    const leave = (): void => {
      if (last.get(lane) === turn) last.delete(lane);
    };
    turn.then(leave, leave);
    return turn;
  };
}

type Gate = <T>(work: () => Promise<T>) => Promise<T>;

/** Lets so many in; the others wait in the order in which they came. */
function createGate(most: number): Gate {
  const waiting: (() => void)[] = [];
  let inside = 0;
  return async (work) => {
    if (inside >= most) await new Promise<void>((enter) => waiting.push(enter));
    else inside += 1;
    try {
      return await work();
    } finally {
      // Whoever is next takes the place over.
      const next = waiting.shift();
      if (next) next();
      else inside -= 1;
    }
  };
}
