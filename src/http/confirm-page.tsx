// Asks once more before something dangerous is done from a form that did not ask by itself.
import type { ReactElement } from 'react';
import type { Verb } from '../core/dispatcher.ts';
import { fieldLabel } from '../ui/form-names.ts';
import type { Frame } from '../ui/frame.ts';
import { renderPage } from '../ui/layout.tsx';

const MASK = '••••••';

export function confirmPage(
  frame: Frame,
  verb: Verb,
  posted: Readonly<Record<string, unknown>>,
  back: string,
): string {
  const entries = Object.entries(posted).flatMap(([name, value]) =>
    textsOf(value).map((text) => ({ name, text })),
  );
  const shown = entries.filter(({ name }) => !name.startsWith('_'));
  const kept = entries.filter(({ name }) => name !== '_csrf' && name !== '_confirmed');
  return renderPage(
    frame,
    `${verb.summary.en}?`,
    <form method="post" action={`/admin/operations/${verb.name}`} className="operation">
      <dl className="fields">
        {shown.map(({ name, text }) => (
          <Shown key={`${name} ${text}`} name={name} text={verb.sensitive?.includes(name) ? MASK : text} />
        ))}
      </dl>
      <input type="hidden" name="_csrf" value={frame.csrfToken} />
      <input type="hidden" name="_confirmed" value="yes" />
      {kept.map(({ name, text }) => (
        <input key={`${name} ${text}`} type="hidden" name={name} value={text} />
      ))}
      <p className="confirm-text">This takes effect at once.</p>
      <button type="submit" className="danger">
        Yes, do it
      </button>
      <p>
        <a href={back}>No, go back</a>
      </p>
    </form>,
  );
}

function Shown({ name, text }: { readonly name: string; readonly text: string }): ReactElement {
  return (
    <div>
      <dt>{fieldLabel(name)}</dt>
      <dd>{text}</dd>
    </div>
  );
}

function textsOf(value: unknown): readonly string[] {
  const all = Array.isArray(value) ? value : [value];
  return all.filter((entry) => typeof entry === 'string');
}
