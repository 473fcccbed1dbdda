// The pages before a session: how to get in, and the one-time link, which only a pressed button uses up.
import type { ReactElement } from 'react';
import type { Frame } from '../ui/frame.ts';
import { renderPage } from '../ui/layout.tsx';

export function signInPage(frame: Frame): string {
  return renderPage(
    frame,
    'Sign in',
    <>
      <p>You sign in with a link that works once. There are no passwords.</p>
      <ul>
        <li>Somebody who invites you gives you one: an admin says “team invite” with your name.</li>
        <li>
          At the machine itself: <code>npm run cli -- user link owner</code>
        </li>
      </ul>
    </>,
  );
}

export function linkPage(frame: Frame, code: string, firstOwner: boolean): string {
  return renderPage(
    frame,
    firstOwner ? 'Become the owner' : 'Sign in',
    <form method="post" action={`/login/${encodeURIComponent(code)}`} className="operation">
      {firstOwner && <OwnerName />}
      <p>This link works once and then stays used.</p>
      <button type="submit">{firstOwner ? 'Become the owner' : 'Sign in'}</button>
    </form>,
  );
}

function OwnerName(): ReactElement {
  return (
    <div className="field">
      <label htmlFor="owner-name">Your name</label>
      <input id="owner-name" name="name" type="text" maxLength={80} autoComplete="name" required={true} />
    </div>
  );
}
