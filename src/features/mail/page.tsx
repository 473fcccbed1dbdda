// The page of mail: how many stand where, what bounced, the newest mails, and who gets none.
import type { ReactElement } from 'react';
import { type MailState, mailStates } from '../../../models/mail-state.ts';
import { operationNamed } from '../../core/operation.ts';
import type { Status } from '../../core/reply.ts';
import { DataTable, type TableColumn } from '../../ui/components/data-table.tsx';
import { FilterForm } from '../../ui/components/filter-form.tsx';
import type { Loaded } from '../../ui/components/loaded.tsx';
import { StatusMark } from '../../ui/components/status.tsx';
import { type TableQuery, tableQuery } from '../../ui/components/table-query.ts';
import { type Figure, Tile, Tiles } from '../../ui/components/tile.tsx';
import { RelativeTime } from '../../ui/components/time.tsx';
import { formatCount, formatShare, ShortId } from '../../ui/components/values.tsx';
import type { Frame } from '../../ui/frame.ts';
import { pagesOf } from '../../ui/page.ts';
import { mayRun, PermittedForm } from '../../ui/permitted-form.tsx';
import type { MailFigures } from './figures.ts';
import { mailOperations } from './operations.ts';
import { mailPage } from './page-mail.tsx';
import type { Mail } from './service.ts';
import type { HoldView, MailView } from './views.ts';
import { stateMark, stateWords, subjectWords, words } from './words.ts';

const PATH = '/admin/mail';
const MOST_HOLDS = 200;
/** What Resend asks of a sender: fewer bounces than 4 %, fewer complaints than 0.08 %. */
const BOUNCES_ALLOWED = 0.04;
const COMPLAINTS_ALLOWED = 0.0008;

const test = operationNamed(mailOperations, 'mail.test');
const resend = operationNamed(mailOperations, 'mail.resend');
const suppress = operationNamed(mailOperations, 'mail.suppress');
const unsuppress = operationNamed(mailOperations, 'mail.unsuppress');

interface Model {
  readonly figures: MailFigures;
  readonly mails: readonly MailView[];
  readonly total: number;
  readonly query: TableQuery;
  readonly holds: readonly HoldView[];
}

const page = pagesOf<{ readonly mail: Mail }>();

const listPage = page({
  path: PATH,
  permission: 'mail.read',
  menu: { section: 'System', label: 'Mail', order: 47, icon: 'mail' },
  load: async ({ services: { mail }, ...ctx }, asked): Promise<Model> => {
    const query = tableQuery(asked, [], 'at');
    const state = mailStates.find((one) => one === asked['state']);
    const { mails, total } = await mail.list(ctx, { state }, query.limit, query.skip);
    const [figures, holds] = await Promise.all([mail.figures(ctx), mail.suppressions(ctx, MOST_HOLDS)]);
    return { figures, mails, total, query, holds };
  },
  title: 'Mail',
  view: (model, frame) => (
    <>
      <Figures figures={model.figures} frame={frame} />
      <Mails model={model} frame={frame} />
      <Holds holds={model.holds} frame={frame} />
      {mayRun(frame, test) && (
        <section aria-labelledby="test">
          <h2 id="test">Send a test mail</h2>
          <PermittedForm
            frame={frame}
            operation={test}
            label="Send test mail"
            confirmText="One mail goes out to this address."
          />
        </section>
      )}
    </>
  ),
});

export const mailPages = [listPage, mailPage];

function Figures({ figures, frame }: { readonly figures: MailFigures; readonly frame: Frame }): ReactElement {
  const { byState, bounceRate, complaintRate, held } = figures;
  const of = (...states: readonly MailState[]): number =>
    states.reduce((sum, state) => sum + (byState.get(state) ?? 0), 0);
  const failed = of('failed');
  const tile = (label: string, figure: Omit<Figure, 'period'>) => {
    const loaded: Loaded<Figure> = {
      state: 'data',
      value: { ...figure, period: '30 days' },
      asOf: frame.now,
    };
    return <Tile key={label} label={label} of={loaded} frame={frame} />;
  };
  const rate = (value: number | null, allowed: number, decimals: number): Omit<Figure, 'period' | 'href'> =>
    value === null
      ? { value: '—' }
      : {
          value: formatShare(value, decimals),
          status: value > allowed ? 'act' : 'ok',
          word: rateWord(value, allowed),
        };
  return (
    <Tiles>
      {tile('Sent', {
        value: formatCount(of('sent', 'delivery_delayed', 'delivered', 'bounced', 'complained')),
        href: PATH,
      })}
      {tile('Delivered', { value: formatCount(of('delivered')), href: `${PATH}?state=delivered` })}
      {tile('Bounced', { ...rate(bounceRate, BOUNCES_ALLOWED, 1), href: `${PATH}?state=bounced` })}
      {tile('Complaints', {
        ...rate(complaintRate, COMPLAINTS_ALLOWED, 2),
        href: `${PATH}?state=complained`,
      })}
      {tile('Failed', {
        value: formatCount(failed),
        href: `${PATH}?state=failed`,
        ...(failed > 0 ? { status: 'act', word: 'Look why' } : {}),
      })}
      {tile('Get no mail', { value: formatCount(held), unit: 'addresses', href: `${PATH}#held` })}
    </Tiles>
  );
}

const rateWord = (value: number, allowed: number): string =>
  value > allowed ? `More than ${formatShare(allowed, allowed < 0.01 ? 2 : 0)}` : 'Within bounds';

function Mails({ model, frame }: { readonly model: Model; readonly frame: Frame }): ReactElement {
  const choices = mailStates.map((value) => ({ value, label: words.en.states[value] }));
  return (
    <section aria-labelledby="mails">
      <h2 id="mails">Mails</h2>
      <FilterForm frame={frame} filters={[{ name: 'state', label: 'State', choices, none: 'All' }]} />
      <DataTable
        frame={frame}
        caption="Mails"
        columns={columnsOf(frame)}
        rows={model.mails}
        rowKey={({ id }) => id}
        total={model.total}
        query={model.query}
        empty={{ why: 'No mail stands here.' }}
        {...(mayRun(frame, resend)
          ? { actions: (one: MailView) => <Resend mail={one} frame={frame} /> }
          : {})}
      />
    </section>
  );
}

function columnsOf(frame: Frame): readonly TableColumn<MailView>[] {
  return [
    {
      key: 'at',
      label: 'Written',
      cell: ({ at }) => <RelativeTime at={at} now={frame.now} zone={frame.zone} />,
    },
    { key: 'to', label: 'To', cell: ({ to }) => to },
    {
      key: 'subject',
      label: 'Subject',
      cell: (one) => <a href={`${PATH}/${one.id}`}>{subjectWords(one, 'en')}</a>,
    },
    { key: 'state', label: 'State', cell: (one) => <State of={one} /> },
    {
      key: 'read',
      label: 'Read',
      cell: ({ openedAt, clickedAt }) => (clickedAt ? 'clicked' : openedAt ? 'opened' : '—'),
    },
    { key: 'id', label: 'Id', cell: ({ id }) => <ShortId id={id} /> },
  ];
}

function State({ of }: { readonly of: MailView }): ReactElement {
  const status: Status = stateMark(of);
  const state = stateWords(of, 'en');
  return (
    <>
      <StatusMark status={status} word={state.charAt(0).toUpperCase() + state.slice(1)} />
      {of.why !== null && <small className="line quiet-text">{of.why}</small>}
    </>
  );
}

function Resend({ mail, frame }: { readonly mail: MailView; readonly frame: Frame }): ReactElement | null {
  if (!mail.mayResend) return null;
  return (
    <PermittedForm
      frame={frame}
      operation={resend}
      label="Send again"
      input={{ mail: mail.id }}
      confirmText="The same words go out once more, as a mail of its own."
    />
  );
}

function Holds({
  holds,
  frame,
}: {
  readonly holds: readonly HoldView[];
  readonly frame: Frame;
}): ReactElement {
  const columns: readonly TableColumn<HoldView>[] = [
    { key: 'address', label: 'Address', cell: ({ address }) => address },
    { key: 'holder', label: 'Held by', cell: ({ holder }) => words.en.holders[holder] },
    { key: 'reason', label: 'Why', cell: ({ reason }) => reason },
    {
      key: 'since',
      label: 'Since',
      cell: ({ since }) => <RelativeTime at={since} now={frame.now} zone={frame.zone} />,
    },
  ];
  const query = tableQuery({}, [], 'since');
  return (
    <section aria-labelledby="held">
      <h2 id="held">Who gets no mail</h2>
      <DataTable
        frame={frame}
        caption="Who gets no mail"
        columns={columns}
        rows={holds}
        rowKey={({ id }) => id}
        total={holds.length}
        query={query}
        empty={{ why: 'Every address gets mail: none bounced, complained or was taken off.' }}
        {...(mayRun(frame, unsuppress)
          ? { actions: (hold: HoldView) => <Lift hold={hold} frame={frame} /> }
          : {})}
      />
      <PermittedForm
        frame={frame}
        operation={suppress}
        label="Take an address off"
        confirmText="This address gets no more mail of any kind."
      />
    </section>
  );
}

function Lift({ hold, frame }: { readonly hold: HoldView; readonly frame: Frame }): ReactElement | null {
  if (hold.holder === 'reader') return null;
  return (
    <PermittedForm
      frame={frame}
      operation={unsuppress}
      label="Send to it again"
      input={{ address: hold.address }}
      confirmText="Mails go to this address again; if it still bounces, it comes back here."
    />
  );
}
