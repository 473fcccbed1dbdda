// Pages for tests of the web door: one that everybody may see, one with forms, one for admins, one that fails.
import type { Operation } from '../../src/core/operation.ts';
import { OperationForm } from '../../src/ui/form.tsx';
import { type Page, pagesOf } from '../../src/ui/page.ts';
import { type Ledger, webOperations } from './web-operations.ts';

const page = pagesOf<{ readonly ledger: Ledger }>();

function named(name: string): Pick<Operation<never>, 'name' | 'input' | 'danger' | 'sensitive' | 'file'> {
  const found = webOperations.find((operation) => operation.name === name);
  if (!found) throw new Error(`no verb ${name}`);
  return found;
}

export const webPages: readonly Page<{ readonly ledger: Ledger }>[] = [
  page({
    path: '/admin/echo',
    title: 'Echo',
    permission: 'task.read',
    menu: { section: 'Room', label: 'Echo', order: 1 },
    waiting: async ({ services }) => services.ledger.done.size,
    load: async ({ services }, query) => ({ said: [...services.ledger.done.values()].map(String), query }),
    view: (model, frame) => (
      <>
        <ul id="said">
          {model.said.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
        <p id="query">{JSON.stringify(model.query)}</p>
        <OperationForm frame={frame} operation={named('echo.say')} label="Say it" />
        <OperationForm frame={frame} operation={named('echo.erase')} label="Erase" input={{ to: 'all' }} />
      </>
    ),
  }),
  page({
    path: '/admin/secret/:thing',
    title: 'Secret',
    permission: 'protocol.manage',
    load: async (_ctx, query) => query['thing'] ?? '',
    view: (thing) => <p>{thing}</p>,
  }),
  page({
    path: '/admin/broken',
    title: 'Broken',
    permission: 'room.use',
    load: async () => {
      throw new Error('the model lies at /srv/wardroom/model.bin');
    },
    view: () => <p>never</p>,
  }),
];
