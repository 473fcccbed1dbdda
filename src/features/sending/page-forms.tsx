// What may be done with one endpoint, as forms: test, rotate, replay, disable or enable, and remove.
import type { ReactElement } from 'react';
import { operationNamed } from '../../core/operation.ts';
import type { Frame } from '../../ui/frame.ts';
import { PermittedForm } from '../../ui/permitted-form.tsx';
import { sendingOperations } from './operations.ts';
import { eventWords, stateWords } from './replies.ts';
import { show } from './shapes.ts';
import type { EndpointView } from './views.ts';

const PATH = '/admin/endpoints';
const verb = (name: string) => operationNamed(sendingOperations, name);

interface Section {
  readonly endpoint: EndpointView;
  readonly frame: Frame;
}

export function EndpointForms({ endpoint, frame }: Section): ReactElement {
  const { host, description, kind, setBy } = endpoint;
  return (
    <section aria-labelledby="endpoint">
      <h2 id="endpoint">{description || host}</h2>
      <p>
        {host}, kind {kind}. Gets {eventWords(endpoint, 'en')}. State: {stateWords(show(endpoint), 'en')}.{' '}
        {setBy === 'operator' && 'Its address stands in the environment and is changed there. '}
        <a href={PATH}>All endpoints</a>
      </p>
      <div className="actions">
        {setBy === 'staff' ? <StaffForms endpoint={endpoint} frame={frame} /> : null}
        {endpoint.status === 'active' && <Replay endpoint={endpoint} frame={frame} />}
      </div>
    </section>
  );
}

function StaffForms({ endpoint, frame }: Section): ReactElement {
  const input = { endpoint: endpoint.id };
  const isSigned = endpoint.kind === 'standard' || endpoint.kind === 'n8n';
  return (
    <>
      {isSigned && (
        <PermittedForm
          frame={frame}
          operation={verb('endpoint.rotate')}
          label="Change secret"
          input={input}
          confirmText="A new secret is shown once; the old one signs as well for the hours given."
        />
      )}
      {endpoint.status === 'active' ? (
        <PermittedForm
          frame={frame}
          operation={verb('endpoint.disable')}
          label="Disable"
          input={input}
          confirmText="It gets no events until it is enabled; what waits is given up and can be replayed."
        />
      ) : (
        <PermittedForm frame={frame} operation={verb('endpoint.enable')} label="Enable" input={input} />
      )}
      <PermittedForm
        frame={frame}
        operation={verb('endpoint.remove')}
        label="Remove"
        tone="danger"
        input={input}
        back={PATH}
        confirmText="Its address and secrets are forgotten; what waits is given up."
      />
    </>
  );
}

function Replay({ endpoint, frame }: Section): ReactElement {
  return (
    <PermittedForm
      frame={frame}
      operation={verb('endpoint.replay')}
      label="Send again"
      input={{ endpoint: endpoint.id }}
      fields={['since', 'until']}
      confirmText={`Without a time, the ${endpoint.dead} that were given up; with one, all that was written then.`}
    />
  );
}
