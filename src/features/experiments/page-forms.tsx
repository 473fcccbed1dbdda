// What may be done to an experiment from its pages: only what is possible now, and only for those who may.
import type { ReactElement } from 'react';
import type { Experiment } from '../../../models/experiment.ts';
import { operationNamed } from '../../core/operation.ts';
import type { Frame } from '../../ui/frame.ts';
import { mayRun, PermittedForm } from '../../ui/permitted-form.tsx';
import { decisionOperations } from './decision-operations.ts';
import { importOperation } from './import-operation.ts';
import { approveWords, needsDecision, rejectWords, stopWords, undoable } from './page-words.ts';

const approve = operationNamed(decisionOperations, 'experiment.approve');
const reject = operationNamed(decisionOperations, 'experiment.reject');
const rollBack = operationNamed(decisionOperations, 'experiment.rollback');
const policy = operationNamed(decisionOperations, 'experiment.policy');
const start = operationNamed(decisionOperations, 'experiment.start');
const stop = operationNamed(decisionOperations, 'experiment.stop');

interface FormsProps {
  readonly experiment: Experiment;
  readonly frame: Frame;
}

/** Approve and reject, for an open proposal. */
export function DecisionForms(props: FormsProps & { readonly perDay: number | null }): ReactElement | null {
  const { experiment, frame } = props;
  const { proposal } = experiment;
  if (!proposal || !needsDecision(experiment)) return null;
  if (!mayRun(frame, approve))
    return (
      <p className="quiet-text">
        A manager, an admin or the owner decides; your role is {frame.person?.role}.
      </p>
    );
  const input = { experiment: experiment.key, look: proposal.look };
  return (
    <div className="actions">
      <PermittedForm
        frame={frame}
        operation={approve}
        label="Approve switch"
        tone="primary"
        input={input}
        confirmText={approveWords(experiment, props.perDay)}
      />
      <PermittedForm
        frame={frame}
        operation={reject}
        label="Reject"
        tone="danger"
        input={input}
        confirmText={rejectWords(experiment)}
      />
    </div>
  );
}

/** Start, stop, policy and roll-back; nothing where nothing of it is possible or allowed. */
export function ChangeForms({ experiment, frame }: FormsProps): ReactElement | null {
  const input = { experiment: experiment.key };
  const switched = undoable(experiment);
  const mayRollBack = switched !== undefined && mayRun(frame, rollBack);
  if (!mayRollBack && !mayRun(frame, policy)) return null;
  return (
    <section aria-labelledby="change">
      <h2 id="change">Change</h2>
      <div className="actions">
        {switched && (
          <PermittedForm
            frame={frame}
            operation={rollBack}
            label="Roll back"
            tone="danger"
            input={input}
            confirmText={`100 % of new units get ${switched.previous} again instead of ${switched.winner}.`}
          />
        )}
        {experiment.status === 'stopped' && (
          <PermittedForm frame={frame} operation={start} label="Start again" input={input} />
        )}
        {experiment.status === 'running' && (
          <PermittedForm
            frame={frame}
            operation={stop}
            label="Stop"
            tone="danger"
            input={input}
            confirmText={stopWords(experiment)}
          />
        )}
        <PolicyForm experiment={experiment} frame={frame} />
      </div>
    </section>
  );
}

function PolicyForm({ experiment, frame }: FormsProps): ReactElement {
  const { mode, minDays, minConversionsPerArm, horizonDays } = experiment.policy;
  return (
    <PermittedForm
      frame={frame}
      operation={policy}
      label="Change policy"
      input={{ experiment: experiment.key }}
      preset={{
        mode,
        minDays: String(minDays),
        minConversions: String(minConversionsPerArm),
        horizonDays: String(horizonDays),
      }}
      confirmText="The next look is judged by these rules. With auto a switch needs nobody’s yes."
    />
  );
}

/** The way to the form, for those who may import. */
export function ImportLink({ frame }: { readonly frame: Frame }): ReactElement | null {
  if (!mayRun(frame, importOperation)) return null;
  return (
    <a className="button" href="#import">
      Import exposures
    </a>
  );
}

/** The import as a form, and as the command for large files. Following the link to it unfolds it, without script too. */
export function ImportForm({ frame }: { readonly frame: Frame }): ReactElement | null {
  if (!mayRun(frame, importOperation)) return null;
  const { experiment, default: control } = frame.query;
  const isAsked = experiment !== undefined || frame.flash?.form?.operation === importOperation.name;
  return (
    <details open={isAsked}>
      <summary>Import exposures</summary>
      <p id="import">
        Paste a CSV with one line for each unit. Large files are read faster on the machine itself, with the
        path in place of the text:
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>
        <code>
          npm run cli -- import exposures exposures.csv --experiment onboarding-offer --default control
        </code>
      </pre>
      <PermittedForm
        frame={frame}
        operation={importOperation}
        label="Import exposures"
        tone="primary"
        fields={importFields}
        preset={{ ...(experiment ? { experiment } : {}), ...(control ? { default: control } : {}) }}
      />
    </details>
  );
}

/** The needed ones first; the columns only matter where their names do not tell. */
const importFields = [
  'experiment',
  'default',
  'content',
  'dryRun',
  'acceptGood',
  'max',
  'cost',
  'value',
  'unit',
  'variant',
  'outcome',
  'at',
  'order',
];
