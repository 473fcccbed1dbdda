// A gate that somebody waits at until a test opens it, and that tells when somebody has come.
export interface Gate {
  /** Resolves when the gate is opened. */
  pass(): Promise<void>;
  open(): void;
  /** Resolves when somebody waits at the gate. */
  readonly reached: Promise<void>;
}

export function createGate(): Gate {
  let open = (): void => undefined;
  let reach = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  return {
    pass: () => {
      reach();
      return opened;
    },
    open: () => open(),
    reached,
  };
}
