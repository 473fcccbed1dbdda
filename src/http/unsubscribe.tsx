// Leaving marketing by the link in a mail: looking changes nothing, one POST does it, and nobody signs in. RFC 8058.
import type { Request, Response } from 'express';
import type { Frame } from '../ui/frame.ts';
import { renderPage } from '../ui/layout.tsx';
import type { Frames } from './frames.ts';
import type { UnsubscribeDoor } from './options.ts';
import { sendPage } from './page-host.ts';
import { stateOf } from './request-state.ts';
import type { Routes } from './routes.ts';

type Shown = Awaited<ReturnType<UnsubscribeDoor['read']>>;

/**
 * No guard against other sites: mail programs post from anywhere, and the address itself is what only its reader has.
 * The body is not read, since every POST here means the same.
 */
export function addUnsubscribe(
  routes: Routes,
  { door, frames }: { readonly door: UnsubscribeDoor; readonly frames: Frames },
): void {
  const tokenOf = (req: Request): string => String(req.params['token']);
  const answer = (req: Request, res: Response, shown: Shown, done: boolean): void => {
    const frame: Frame = { ...frames.plain(req, res), person: null, menu: [] };
    sendPage(res, subscriptionPage(frame, tokenOf(req), shown, done));
  };
  const changeTo = (subscribed: boolean) => async (req: Request, res: Response) => {
    answer(req, res, await door.change(tokenOf(req), subscribed, stateOf(req).requestId), true);
  };

  routes.add('GET', '/unsubscribe/:token', async (req, res) => {
    answer(req, res, await door.read(tokenOf(req)), false);
  });
  routes.add('POST', '/unsubscribe/:token', changeTo(false));
  routes.add('POST', '/unsubscribe/:token/undo', changeTo(true));
}

function subscriptionPage(
  frame: Frame,
  token: string,
  { address, subscribed }: Shown,
  done: boolean,
): string {
  const path = `/unsubscribe/${encodeURIComponent(token)}`;
  const state = subscribed ? 'gets such mails' : 'gets no such mails any more';
  return renderPage(
    frame,
    subscribed ? 'Unsubscribe' : 'You are unsubscribed',
    <>
      <p role={done ? 'status' : undefined}>
        <strong>{address}</strong> {state}.
      </p>
      <p className="quiet-text">
        Mails that belong to an account, such as sign-in links and receipts, are sent in any case.
      </p>
      <form method="post" action={subscribed ? path : `${path}/undo`} className="operation">
        <button type="submit" className={subscribed ? 'primary' : 'secondary'}>
          {subscribed ? 'Unsubscribe' : 'Subscribe again'}
        </button>
      </form>
    </>,
  );
}
