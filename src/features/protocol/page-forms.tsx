// What may be done to the protocol from its pages: run it now, pause it, let it go on.
import type { ReactElement } from 'react';
import { operationNamed } from '../../core/operation.ts';
import type { Frame } from '../../ui/frame.ts';
import { mayRun, PermittedForm } from '../../ui/permitted-form.tsx';
import { protocolOperations } from './operations.ts';

const run = operationNamed(protocolOperations, 'protocol.run');
const pause = operationNamed(protocolOperations, 'protocol.pause');
const resume = operationNamed(protocolOperations, 'protocol.resume');

/** One run at a time: while one is under way there is nothing to press. */
export function RunNow(props: {
  readonly frame: Frame;
  readonly running: string | null;
}): ReactElement | null {
  if (props.running !== null) return null;
  return <PermittedForm frame={props.frame} operation={run} label="Run now" tone="primary" fields={[]} />;
}

/** Pause while it goes by the clock, resume while it does not. */
export function PauseOrResume(props: {
  readonly frame: Frame;
  readonly pausedUntil: Date | null;
  readonly perDay: number;
}): ReactElement | null {
  const { frame, pausedUntil, perDay } = props;
  if (!mayRun(frame, pause)) return null;
  return (
    <section aria-labelledby="schedule">
      <h2 id="schedule">Schedule</h2>
      {pausedUntil ? (
        <PermittedForm frame={frame} operation={resume} label="Resume" tone="primary" fields={[]} />
      ) : (
        <PermittedForm
          frame={frame}
          operation={pause}
          label="Pause"
          confirmText={`No scheduled run starts for that long: ${perDay} runs a day are left out. “Run now” goes on working.`}
        />
      )}
    </section>
  );
}
