// What a verdict rests on: the chart, the arms with their differences, and whether the data may be trusted.
import type { ReactElement } from 'react';
import { formatPaise } from '../../core/money.ts';
import type { Text } from '../../core/reply.ts';
import { LineFigure } from '../../ui/charts/chart-figure.tsx';
import { AsOf } from '../../ui/components/loaded.tsx';
import { ReplyTable } from '../../ui/components/reply-view.tsx';
import { formatCount } from '../../ui/components/values.tsx';
import type { Frame } from '../../ui/frame.ts';
import { experimentChart } from './chart.tsx';
import { percent } from './figures.ts';
import type { Evidence } from './page-model.ts';
import { differenceWords, liftWords, splitWords } from './page-words.ts';

export function EvidenceView(props: { readonly evidence: Evidence; readonly frame: Frame }): ReactElement {
  const { evidence, frame } = props;
  const { shown, report } = evidence;
  const drawn = experimentChart(shown, frame.zone);
  return (
    <>
      {drawn && (
        <LineFigure
          {...drawn.chart}
          note={
            <>
              {drawn.note}; {report.asOf && <AsOf at={report.asOf} frame={frame} />}
            </>
          }
        />
      )}
      <ReplyTable {...armTable(evidence)} label={`Arms of ${shown.experiment}`} />
      <p className="quiet-text">
        {report.verdict ? `${splitWords(report.verdict)}. ` : ''}
        {excludedWords(shown.excludedUnits)} The bands and the range of a difference hold at every look at
        once.
      </p>
    </>
  );
}

const excludedWords = (units: number): string =>
  units === 0
    ? 'No unit saw two variants.'
    : `${formatCount(units)} units saw two variants and are left out.`;

function armTable({ shown, report }: Evidence) {
  const hasCosts = shown.arms.some((arm) => arm.costPaise !== null);
  const compared = new Map((report.verdict?.perChallenger ?? []).map((one) => [one.variant, one]));
  const columns = [
    { label: 'Arm' },
    { label: 'Units', numeric: true },
    { label: 'Converted', numeric: true },
    { label: 'Conversion', numeric: true },
    { label: 'Difference', numeric: true },
    { label: 'Lift', numeric: true },
    ...(hasCosts ? [{ label: 'Cost of one conversion', numeric: true }] : []),
  ];
  const rows = shown.arms.map((arm): Text[] => {
    const one = compared.get(arm.variant);
    const isDefault = arm.variant === shown.default;
    return [
      isDefault ? `${arm.variant} (default)` : arm.variant,
      formatCount(arm.exposed),
      formatCount(arm.converted),
      arm.rate === null ? '—' : percent(arm.rate),
      one ? differenceWords(one) : '—',
      one ? liftWords(one) : '—',
      ...(hasCosts ? [arm.costPaise === null ? 'not said' : formatPaise(arm.costPaise)] : []),
    ];
  });
  return { columns, rows };
}
