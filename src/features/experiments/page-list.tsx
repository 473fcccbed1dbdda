// All experiments on one page: what needs a decision with its evidence, then a row for each.
import type { ReactElement } from 'react';
import type { Experiment } from '../../../models/experiment.ts';
import { DataTable, type TableColumn } from '../../ui/components/data-table.tsx';
import { type Loaded, LoadedView } from '../../ui/components/loaded.tsx';
import { Badge } from '../../ui/components/status.tsx';
import { RelativeTime } from '../../ui/components/time.tsx';
import type { Frame } from '../../ui/frame.ts';
import { unitsPerDay } from './forecast.ts';
import { EvidenceView } from './page-evidence.tsx';
import { DecisionForms, ImportForm } from './page-forms.tsx';
import { type Evidence, HERE, type Listing, paceOf, type Row } from './page-model.ts';
import { differenceWords, liftWords, needsDecision, splitWords, stateOf } from './page-words.ts';

export function ExperimentsView(props: { readonly listing: Listing; readonly frame: Frame }): ReactElement {
  const { listing, frame } = props;
  return (
    <>
      {listing.open.map((one) => (
        <OpenDecision key={one.experiment.key} {...one} frame={frame} />
      ))}
      <section aria-labelledby="all">
        <h2 id="all">All experiments</h2>
        <DataTable
          frame={frame}
          caption="Experiments and their verdicts"
          columns={columnsOf(frame)}
          rows={listing.rows}
          rowKey={({ experiment }) => experiment.key}
          total={listing.total}
          query={listing.query}
          empty={{
            why: 'There is no experiment yet. One begins with the import of its exposures.',
            next: { label: 'How an import works', href: '/console' },
          }}
        />
      </section>
      <ImportForm frame={frame} />
    </>
  );
}

function OpenDecision(props: {
  readonly experiment: Experiment;
  readonly evidence: Loaded<Evidence>;
  readonly frame: Frame;
}): ReactElement {
  const { experiment, evidence, frame } = props;
  const { proposal } = experiment;
  const known = evidence.state === 'data' || evidence.state === 'stale' ? evidence.value : undefined;
  const perDay = known ? unitsPerDay(paceOf(known, frame.now)) : null;
  const id = `decide-${experiment.key}`;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>
        {experiment.key}: switch from {proposal?.previous} to {proposal?.winner}?
      </h2>
      <p>
        <Badge status="look">Needs a decision</Badge> {proposal?.sentence}
      </p>
      <DecisionForms experiment={experiment} frame={frame} perDay={perDay} />
      <LoadedView of={evidence} frame={frame}>
        {(value) => <EvidenceView evidence={value} frame={frame} />}
      </LoadedView>
      <p>
        <a href={`${HERE}/${experiment.key}`}>Rules, decisions and changes of {experiment.key}</a>
      </p>
    </section>
  );
}

function columnsOf(frame: Frame): readonly TableColumn<Row>[] {
  return [
    {
      key: 'key',
      label: 'Experiment',
      sortable: true,
      cell: ({ experiment }) => <a href={`${HERE}/${experiment.key}`}>{experiment.key}</a>,
    },
    {
      key: 'state',
      label: 'State',
      sortable: true,
      cell: ({ experiment }) => <StateBadge of={experiment} />,
    },
    { key: 'finding', label: 'Verdict', cell: (row) => <span className="words">{verdictText(row)}</span> },
    {
      key: 'difference',
      label: 'Difference to the default',
      cell: ({ verdict }) => <Differences verdict={verdict} />,
    },
    {
      key: 'split',
      label: 'Split of units',
      cell: ({ verdict }) => <span className="words">{verdict ? splitWords(verdict) : '—'}</span>,
    },
    {
      key: 'look',
      label: 'Looked at',
      sortable: true,
      cell: ({ experiment: { verdict } }) =>
        verdict ? <RelativeTime at={verdict.at} now={frame.now} zone={frame.zone} /> : 'not yet',
    },
  ];
}

export function StateBadge({ of }: { readonly of: Experiment }): ReactElement {
  const { status, word } = stateOf(of);
  return <Badge {...(status ? { status } : {})}>{word}</Badge>;
}

function verdictText({ experiment }: Row): string {
  const { proposal, verdict } = experiment;
  if (needsDecision(experiment) && proposal) return `Switch from ${proposal.previous} to ${proposal.winner}?`;
  return verdict?.sentence ?? 'The next protocol run looks at it.';
}

function Differences({ verdict }: Pick<Row, 'verdict'>): ReactElement {
  if (!verdict || verdict.perChallenger.length === 0) return <>—</>;
  return (
    <>
      {verdict.perChallenger.map((one) => (
        <span key={one.variant} className="words">
          {one.variant}: {differenceWords(one)} (lift {liftWords(one)})
        </span>
      ))}
    </>
  );
}
