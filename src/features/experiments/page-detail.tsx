// One experiment: where it stands, what it waits for, its evidence, its rules, and every decision ever made on it.
import type { ReactElement } from 'react';
import type { Decision, Experiment } from '../../../models/experiment.ts';
import { formatPaise } from '../../core/money.ts';
import { fields, list } from '../../core/reply.ts';
import { DataTable, type TableColumn } from '../../ui/components/data-table.tsx';
import { type Loaded, LoadedView } from '../../ui/components/loaded.tsx';
import { ReplyView } from '../../ui/components/reply-view.tsx';
import { tableQuery } from '../../ui/components/table-query.ts';
import { exactTime, RelativeTime, relativeTime } from '../../ui/components/time.tsx';
import { formatCount } from '../../ui/components/values.tsx';
import type { Frame } from '../../ui/frame.ts';
import { percent } from './figures.ts';
import { endsBy, expectedAt, type Pace, unitsPerDay } from './forecast.ts';
import type { WaitsFor } from './look.ts';
import { EvidenceView } from './page-evidence.tsx';
import { ChangeForms, DecisionForms } from './page-forms.tsx';
import { StateBadge } from './page-list.tsx';
import { type Evidence, HERE, paceOf } from './page-model.ts';
import { decisionWords, needsDecision, policyWords } from './page-words.ts';
import { describeReason } from './words.ts';

interface ViewProps {
  readonly experiment: Experiment;
  readonly evidence: Loaded<Evidence>;
  readonly frame: Frame;
}

export function ExperimentView(props: ViewProps): ReactElement {
  const { experiment, evidence, frame } = props;
  const known = evidence.state === 'data' || evidence.state === 'stale' ? evidence.value : undefined;
  const perDay = known ? unitsPerDay(paceOf(known, frame.now)) : null;
  return (
    <>
      <Standing experiment={experiment} frame={frame} />
      <DecisionForms experiment={experiment} frame={frame} perDay={perDay} />
      {known && <Waits experiment={experiment} evidence={known} frame={frame} />}
      <section aria-labelledby="evidence">
        <h2 id="evidence">Evidence</h2>
        <LoadedView of={evidence} frame={frame}>
          {(value) => <EvidenceView evidence={value} frame={frame} />}
        </LoadedView>
      </section>
      <Rules experiment={experiment} known={known} frame={frame} />
      <ChangeForms experiment={experiment} frame={frame} />
      <DecisionLog experiment={experiment} frame={frame} />
      <p>
        <a
          href={`${HERE}?experiment=${experiment.key}&default=${encodeURIComponent(experiment.control)}#import`}
        >
          Import more exposures of {experiment.key}
        </a>
      </p>
    </>
  );
}

/** The fact first: the state, and the newest verdict as it was said in chat. */
function Standing({ experiment, frame }: Omit<ViewProps, 'evidence'>): ReactElement {
  const { verdict, proposal } = experiment;
  const sentence = needsDecision(experiment) ? proposal?.sentence : verdict?.sentence;
  return (
    <p className="headline">
      <StateBadge of={experiment} />{' '}
      <strong>{sentence ?? 'Nobody has looked at it yet: the next protocol run does.'}</strong>{' '}
      {verdict && (
        <span className="quiet-text">
          Look {verdict.look}, <RelativeTime at={verdict.at} now={frame.now} zone={frame.zone} />
        </span>
      )}
    </p>
  );
}

function Waits(props: {
  readonly experiment: Experiment;
  readonly evidence: Evidence;
  readonly frame: Frame;
}): ReactElement | null {
  const { experiment, evidence, frame } = props;
  const pace = paceOf(evidence, frame.now);
  const isOpen = experiment.status === 'running';
  const reasons = isOpen ? (evidence.report.verdict?.waitsFor ?? []) : [];
  const waits = [
    ...(needsDecision(experiment) ? ['a decision by a manager, an admin or the owner'] : []),
    ...reasons.map((reason) => waitWords(reason, experiment, pace, frame)),
  ];
  if (waits.length === 0) return null;
  const end = isOpen ? endsBy(pace) : null;
  return (
    <section aria-labelledby="waits">
      <h2 id="waits">Waits for</h2>
      <ReplyView reply={{ blocks: [list(waits)] }} />
      {end && <p className="quiet-text">The test ends {whenWords(end, frame)} at the latest.</p>}
      {experiment.axis === 'order' && (
        <p className="quiet-text">This data has no times, so that nothing can be said of when.</p>
      )}
    </section>
  );
}

/** A reason with its numbers, and when it is expected to be met. */
function waitWords(reason: WaitsFor, { axis }: Experiment, pace: Pace, frame: Frame): string {
  const words = describeReason(reason);
  if (axis === 'order') return words;
  const at = expectedAt(reason, pace);
  return at
    ? `${words}; expected ${whenWords(at, frame)} at the present pace`
    : `${words}; nothing foretells when`;
}

/** “in 3 days (24 Nov 2026, 14:00 IST)”; what is further away than days is its date alone. */
function whenWords(at: Date, { now, zone }: Frame): string {
  const relative = relativeTime(at, now, zone);
  return relative.startsWith('in ') ? `${relative} (${exactTime(at, zone)})` : `on ${exactTime(at, zone)}`;
}

function Rules(props: {
  readonly experiment: Experiment;
  readonly known: Evidence | undefined;
  readonly frame: Frame;
}): ReactElement {
  const { experiment, known } = props;
  const { policy, axis, current, holdout, arms, maxUnits, valuePaise } = experiment;
  const days =
    axis === 'order'
      ? `unknown: ask (${policy.minDays} full days are wanted)`
      : `${policy.minDays} full days`;
  const units = known
    ? `${formatCount(known.shown.units)} of ${formatCount(maxUnits)} planned`
    : formatCount(maxUnits);
  return (
    <section aria-labelledby="rules">
      <h2 id="rules">Rules</h2>
      <ReplyView
        reply={{
          blocks: [
            fields({
              'New units get': experiment.status === 'running' ? weightWords(arms) : current,
              Policy: policyWords[policy.mode],
              'Minimum days': days,
              'Minimum conversions': `${formatCount(policy.minConversionsPerArm)} in each arm`,
              'Ends after':
                axis === 'order'
                  ? `${formatCount(maxUnits)} units`
                  : `${policy.horizonDays} days or ${formatCount(maxUnits)} units`,
              Units: units,
              'Holdout after a switch': percent(holdout),
              'Value of one conversion': valuePaise === null ? 'not said' : `${formatPaise(valuePaise)}`,
            }),
          ],
        }}
      />
    </section>
  );
}

const weightWords = (arms: Experiment['arms']): string =>
  arms.map(({ variant, weight }) => `${variant} ${percent(weight)}`).join(', ');

function DecisionLog({ experiment, frame }: Omit<ViewProps, 'evidence'>): ReactElement {
  const rows = experiment.decisions.toReversed();
  const columns: readonly TableColumn<Decision>[] = [
    {
      key: 'at',
      label: 'When',
      cell: ({ at }) => <RelativeTime at={at} now={frame.now} zone={frame.zone} />,
    },
    { key: 'by', label: 'Who', cell: ({ by }) => by },
    { key: 'what', label: 'What', cell: decisionWords },
    { key: 'why', label: 'Why', cell: ({ sentence }) => <span className="words">{sentence || '—'}</span> },
    { key: 'look', label: 'Look', numeric: true, cell: ({ look }) => look ?? '—' },
  ];
  return (
    <section aria-labelledby="decisions">
      <h2 id="decisions">Decisions</h2>
      <DataTable
        frame={frame}
        caption={`Decisions on ${experiment.key}`}
        columns={columns}
        rows={rows}
        rowKey={(row) => `${row.at.toISOString()} ${row.kind}`}
        total={rows.length}
        query={tableQuery({}, [], 'at')}
        empty={{ why: 'Nothing was decided yet.' }}
      />
    </section>
  );
}
