// The protocol pages: what it is doing and when it runs next, the ledger of runs and slots, and one run with its steps.
import { runStatuses } from '../../../models/protocol-run.ts';
import { tableQuery } from '../../ui/components/table-query.ts';
import { pagesOf } from '../../ui/page.ts';
import { RunNow } from './page-forms.tsx';
import { LedgerView } from './page-ledger.tsx';
import { RunView } from './page-run.tsx';
import { HERE, runName } from './page-words.ts';
import type { ProtocolService } from './service.ts';

const page = pagesOf<{ readonly protocol: ProtocolService }>();

const ledgerPage = page({
  path: HERE,
  permission: 'protocol.read',
  menu: { section: 'Protocol', label: 'Protocol runs', order: 10, icon: 'protocol' },
  load: async ({ services: { protocol }, ...ctx }, asked) => {
    const status = runStatuses.find((one) => one === asked['status']);
    const query = tableQuery(asked, [], '-createdAt');
    const [now, ledger] = await Promise.all([
      protocol.status(ctx.tenant, ctx.now),
      protocol.ledger(ctx.tenant, { status, limit: query.limit, skip: query.skip }),
    ]);
    return { now, ...ledger, query, everyMs: protocol.everyMs };
  },
  title: 'Protocol',
  view: (model, frame) => <LedgerView {...model} frame={frame} />,
  action: ({ now }, frame) => <RunNow frame={frame} running={now.running} />,
});

const runPage = page({
  path: `${HERE}/:run`,
  permission: 'protocol.read',
  load: async ({ services: { protocol }, ...ctx }, query) => {
    const run = await protocol.show(ctx.tenant, query['run'] ?? '');
    return { run, actions: await protocol.actionsOf(ctx.tenant, run._id), zone: ctx.zone };
  },
  title: ({ run, zone }) => runName(run, zone),
  trail: () => [{ label: 'Protocol', href: HERE }],
  view: ({ run, actions }, frame) => <RunView run={run} actions={actions} frame={frame} />,
});

export const protocolPages = [ledgerPage, runPage];
