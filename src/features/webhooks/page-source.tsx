// What may be done with one source that staff added, as forms: its secret, mapping, limit and removal.
import type { ReactElement } from 'react';
import type { WebhookMapping } from '../../../models/webhook-endpoint.ts';
import { operationNamed } from '../../core/operation.ts';
import { OperationForm } from '../../ui/form.tsx';
import type { Frame } from '../../ui/frame.ts';
import type { SourceView } from './overview.ts';
import { setupOperations } from './setup-operations.ts';

const verb = (name: string) => operationNamed(setupOperations, name);

export function SourceForms(props: { readonly source: SourceView; readonly frame: Frame }): ReactElement {
  const { source, frame } = props;
  const { name, mapping, perMinute } = source;
  const input = { name };
  return (
    <div className="actions">
      <OperationForm
        frame={frame}
        operation={verb('webhook.rotate')}
        label="Change secret"
        input={input}
        confirmText="A new secret is made, or yours taken; the old one counts for the hours given."
      />
      <OperationForm
        frame={frame}
        operation={verb('webhook.map')}
        label="Change mapping"
        input={input}
        preset={presetOf(mapping)}
        confirmText="Events that come or are replayed from now on are read like this."
      />
      <OperationForm
        frame={frame}
        operation={verb('webhook.limit')}
        label="Change limit"
        input={input}
        preset={{ perMinute: String(perMinute) }}
        confirmText="More than that wait; none is lost."
      />
      <OperationForm
        frame={frame}
        operation={verb('webhook.remove')}
        label="Remove"
        tone="danger"
        input={input}
        back="/admin/webhooks"
        confirmText="It may deliver nothing more, and its secrets are forgotten; what it brought stays."
      />
    </div>
  );
}

function presetOf(mapping: WebhookMapping | null): Readonly<Record<string, string>> {
  if (!mapping) return {};
  return {
    to: mapping.to,
    field: mapping.fields.map(({ field, from }) => `${field}=${from}`).join(', '),
    word: mapping.words.map(({ theirs, ours }) => `${theirs}=${ours}`).join(', '),
    each: mapping.each ?? '',
  };
}

/** Such as `key from incident.id, title from incident.name`. */
export const mappingWords = ({ fields }: WebhookMapping): string =>
  fields.map(({ field, from }) => `${field} from ${from}`).join(', ');
