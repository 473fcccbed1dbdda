// Work of one lane goes one after the other, of different lanes side by side.

/** Runs `work` once everything queued before it in its lane is over, however that ended. */
export type Lanes = <T>(lane: string, work: () => Promise<T>) => Promise<T>;

export function createLanes(): Lanes {
  const last = new Map<string, Promise<unknown>>();
  return (lane, work) => {
    const turn = (last.get(lane) ?? Promise.resolve()).then(work, work);
    last.set(lane, turn);
    const leave = (): void => {
      if (last.get(lane) === turn) last.delete(lane);
    };
    turn.then(leave, leave);
    return turn;
  };
}
