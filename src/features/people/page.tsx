// The page of people: who is on the team, which tokens work, and where one is signed in oneself.
import type { ReactElement } from 'react';
import type { ApiToken } from '../../../models/api-token.ts';
import type { Person } from '../../../models/person.ts';
import type { SignIn } from '../../../models/sign-in.ts';
import { holds } from '../../core/permissions.ts';
import { DataTable } from '../../ui/components/data-table.tsx';
import { type TableQuery, tableQuery } from '../../ui/components/table-query.ts';
import { RelativeTime } from '../../ui/components/time.tsx';
import { type FormOperation, OperationForm } from '../../ui/form.tsx';
import type { Frame } from '../../ui/frame.ts';
import { pagesOf } from '../../ui/page.ts';
import { peopleOperations } from './operations.ts';
import type { People } from './service.ts';

interface Model {
  readonly query: TableQuery;
  readonly people: readonly Person[];
  /** Null for those who may not see them. */
  readonly tokens: readonly ApiToken[] | null;
  readonly sessions: readonly SignIn[];
}

interface Section {
  readonly model: Model;
  readonly frame: Frame;
}

const page = pagesOf<{ readonly people: People }>();

export const peoplePage = page({
  path: '/admin/people',
  title: 'People',
  permission: 'people.read',
  menu: { section: 'System', label: 'People', order: 20, icon: 'people' },
  load: async ({ services: { people }, ...ctx }, query): Promise<Model> => {
    const manages = holds(ctx.actor.role, 'people.manage');
    const [team, tokens, sessions] = await Promise.all([
      people.list(ctx),
      manages ? people.listTokens(ctx) : null,
      people.listSessions(ctx),
    ]);
    return { query: tableQuery(query, [], 'name'), people: team, tokens, sessions };
  },
  view: (model, frame) => (
    <>
      <Team model={model} frame={frame} />
      {model.tokens && <Tokens model={model} frame={frame} tokens={model.tokens} />}
      <Sessions model={model} frame={frame} />
    </>
  ),
});

/** The declared verb of that name, for its form. */
function verb(name: string): FormOperation {
  const found = peopleOperations.find((operation) => operation.name === name);
  if (!found) throw new Error(`people have no verb “${name}”`);
  return found;
}

function Team({ model, frame }: Section): ReactElement {
  const manages = model.tokens !== null;
  const shown = model.people.slice(model.query.skip, model.query.skip + model.query.limit);
  return (
    <section aria-labelledby="team">
      <h2 id="team">Team</h2>
      <DataTable
        frame={frame}
        caption="People on the team"
        columns={[
          { key: 'name', label: 'Name', cell: (person: Person) => person.name },
          { key: 'role', label: 'Role', cell: (person: Person) => person.role },
          {
            key: 'since',
            label: 'Since',
            cell: (person: Person) => (
              <RelativeTime at={person.createdAt} now={frame.now} zone={frame.zone} />
            ),
          },
          { key: 'id', label: 'Id', cell: (person: Person) => <code>{person._id}</code> },
        ]}
        rows={shown}
        rowKey={(person) => person._id}
        total={model.people.length}
        query={model.query}
        empty={{ why: 'Nobody is on the team yet.' }}
        {...(manages ? { actions: (person: Person) => <PersonActions person={person} frame={frame} /> } : {})}
      />
      {manages && (
        <>
          <h3>Invite somebody</h3>
          <OperationForm frame={frame} operation={verb('team.invite')} label="Invite" tone="primary" />
        </>
      )}
    </section>
  );
}

function PersonActions({ person, frame }: { readonly person: Person; readonly frame: Frame }): ReactElement {
  const input = { person: person._id };
  return (
    <>
      <OperationForm
        frame={frame}
        operation={verb('team.role')}
        label="Change role"
        input={input}
        preset={{ role: person.role }}
        confirmText={`${person.name} has another role from the next request on.`}
      />
      <OperationForm
        frame={frame}
        operation={verb('team.remove')}
        label="Remove"
        tone="danger"
        input={input}
        confirmText={`${person.name} loses every session and token at once.`}
      />
    </>
  );
}

function Tokens(props: Section & { readonly tokens: readonly ApiToken[] }): ReactElement {
  const { model, frame, tokens } = props;
  return (
    <section aria-labelledby="tokens">
      <h2 id="tokens">API tokens</h2>
      <DataTable
        frame={frame}
        caption="API tokens that work"
        columns={[
          { key: 'name', label: 'Name', cell: (token: ApiToken) => token.name },
          {
            key: 'acts',
            label: 'Acts as',
            cell: (token: ApiToken) => token.personId ?? `${token.role} service`,
          },
          {
            key: 'until',
            label: 'Until',
            cell: (token: ApiToken) => (
              <RelativeTime at={token.expiresAt} now={frame.now} zone={frame.zone} />
            ),
          },
          { key: 'id', label: 'Id', cell: (token: ApiToken) => <code>{token._id}</code> },
        ]}
        rows={tokens.slice(0, model.query.limit)}
        rowKey={(token) => token._id}
        total={tokens.length}
        query={{ ...model.query, page: 1, skip: 0 }}
        empty={{ why: 'No API token works: nothing but people can call the API.' }}
        actions={(token) => (
          <OperationForm
            frame={frame}
            operation={verb('token.revoke')}
            label="Revoke"
            tone="danger"
            input={{ token: token._id }}
            confirmText={`Whatever uses ${token.name} stops working at once.`}
          />
        )}
      />
      <h3>Make a token</h3>
      <p>For yourself leave role empty; with a role it is a service of its own, which never approves.</p>
      <OperationForm
        frame={frame}
        operation={verb('token.create')}
        label="Make a token"
        fields={['name', 'role', 'days']}
      />
    </section>
  );
}

function Sessions({ model, frame }: Section): ReactElement {
  return (
    <section aria-labelledby="sessions">
      <h2 id="sessions">Where you are signed in</h2>
      <DataTable
        frame={frame}
        caption="Your sessions"
        columns={[
          { key: 'browser', label: 'Browser', cell: (session: SignIn) => session.browser || 'unknown' },
          {
            key: 'since',
            label: 'Since',
            cell: (session: SignIn) => (
              <RelativeTime at={session.createdAt} now={frame.now} zone={frame.zone} />
            ),
          },
        ]}
        rows={model.sessions.slice(0, model.query.limit)}
        rowKey={(session) => session._id}
        total={model.sessions.length}
        query={{ ...model.query, page: 1, skip: 0 }}
        empty={{ why: 'You are signed in nowhere.' }}
        actions={(session) => (
          <OperationForm
            frame={frame}
            operation={verb('session.revoke')}
            label="Sign out"
            input={{ session: session._id }}
          />
        )}
      />
    </section>
  );
}
