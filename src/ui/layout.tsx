// The one layout: rail, top line, breadcrumb, title, what just happened, and the page itself, as a whole document.
import type { ReactElement, ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { assetUrl } from './assets.ts';
import { zoneName } from './components/time.tsx';
import { FlashMessage } from './flash.tsx';
import type { Frame } from './frame.ts';
import { Icon } from './icons.tsx';
import { type MenuEntry, menuSections } from './menu.ts';

export interface Crumb {
  readonly label: string;
  readonly href: string;
}

export interface PageExtras {
  /** The one primary action, beside the title. */
  readonly action?: ReactNode;
  /** The pages between Overview and this one. */
  readonly trail?: readonly Crumb[];
}

const HOME: Crumb = { label: 'Overview', href: '/admin' };

/** htmx without anything that a strict content policy forbids, and without requests to anywhere else. */
const HTMX = JSON.stringify({
  includeIndicatorStyles: false,
  allowEval: false,
  selfRequestsOnly: true,
  historyCacheSize: 0,
});

/** The whole HTML document of a page. Everything in it is escaped by React. */
export function renderPage(frame: Frame, title: string, content: ReactNode, extras: PageExtras = {}): string {
  const page = (
    <html lang="en" data-environment={frame.environment}>
      <Head title={title} />
      <body>
        <a className="skip" href="#content">
          Skip to content
        </a>
        <TopLine frame={frame} />
        <div className={frame.person ? 'shell' : 'shell alone'}>
          {frame.person && <Rail frame={frame} />}
          <main id="content" tabIndex={-1}>
            {frame.person && <Breadcrumb frame={frame} title={title} trail={extras.trail ?? []} />}
            <div className="page-head">
              <h1>{title}</h1>
              {extras.action && <div className="page-action">{extras.action}</div>}
            </div>
            {frame.flash && <FlashMessage flash={frame.flash} />}
            {content}
          </main>
        </div>
      </body>
    </html>
  );
  return `<!doctype html>${renderToStaticMarkup(page)}`;
}

function Head({ title }: { readonly title: string }): ReactElement {
  return (
    <head>
      <meta charSet="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="robots" content="noindex" />
      <meta name="htmx-config" content={HTMX} />
      <title>{`${title} · Wardroom`}</title>
      <link rel="icon" type="image/svg+xml" href={assetUrl('icon.svg')} />
      <link rel="stylesheet" href={assetUrl('pico.css')} />
      <link rel="stylesheet" href={assetUrl('wardroom.css')} />
      <script src={assetUrl('htmx.js')} defer />
      <script src={assetUrl('wardroom.js')} defer />
    </head>
  );
}

function TopLine({ frame }: { readonly frame: Frame }): ReactElement {
  return (
    <header className="topline">
      {frame.person && (
        <button type="button" className="quiet menu-button" popoverTarget="rail">
          <Icon name="menu" />
          Menu
        </button>
      )}
      <span className="brand">Wardroom</span>
      <span className="tenant">{frame.tenant}</span>
      {frame.environment === 'sandbox' && <strong className="sandbox">SANDBOX</strong>}
      <span className="spacer" />
      <span className="zone" title={frame.zone}>
        <span className="visually-hidden">Times are in </span>
        {zoneName(frame.now, frame.zone)}
      </span>
      {frame.person && <Person frame={frame} name={frame.person.name} role={frame.person.role} />}
    </header>
  );
}

function Person(props: {
  readonly frame: Frame;
  readonly name: string;
  readonly role: string;
}): ReactElement {
  return (
    <>
      <span className="person">
        {props.name} <small>{props.role}</small>
      </span>
      <form method="post" action="/admin/logout" className="sign-out">
        <input type="hidden" name="_csrf" value={props.frame.csrfToken} />
        <button type="submit" className="quiet">
          Sign out
        </button>
      </form>
    </>
  );
}

/** One list for both shapes: beside the page where there is room, a popover behind “Menu” on a phone. */
function Rail({ frame }: { readonly frame: Frame }): ReactElement {
  const sections = menuSections
    .map((name) => ({ name, entries: frame.menu.filter((entry) => entry.section === name) }))
    .filter(({ entries }) => entries.length > 0);
  return (
    <nav id="rail" className="rail" aria-label="Main" popover="auto">
      <button type="button" className="quiet menu-button" popoverTarget="rail" popoverTargetAction="hide">
        <Icon name="close" />
        Close menu
      </button>
      {sections.map(({ name, entries }) => (
        <section key={name} aria-labelledby={`rail-${name}`}>
          <p id={`rail-${name}`} className="rail-section">
            {name}
          </p>
          <ul>
            {entries.map((entry) => (
              <RailEntry key={entry.path} entry={entry} here={isHere(frame, entry)} />
            ))}
          </ul>
        </section>
      ))}
    </nav>
  );
}

function RailEntry({ entry, here }: { readonly entry: MenuEntry; readonly here: boolean }): ReactElement {
  return (
    <li>
      <a href={entry.path} aria-current={here ? 'page' : undefined}>
        {entry.icon && <Icon name={entry.icon} />}
        <span className="rail-label">{entry.label}</span>
        {entry.waiting > 0 && (
          <span className="count">
            {entry.waiting}
            <span className="visually-hidden"> waiting</span>
          </span>
        )}
      </a>
    </li>
  );
}

/** An entry stands for its page and those below it; Overview for itself alone. */
function isHere(frame: Frame, entry: MenuEntry): boolean {
  if (frame.path === entry.path) return true;
  return entry.path !== HOME.href && frame.path.startsWith(`${entry.path}/`);
}

function Breadcrumb(props: {
  readonly frame: Frame;
  readonly title: string;
  readonly trail: readonly Crumb[];
}): ReactElement {
  const before = props.frame.path === HOME.href ? [] : [HOME, ...props.trail];
  return (
    <nav className="trail" aria-label="Breadcrumb">
      <ol>
        {before.map((crumb) => (
          <li key={crumb.href}>
            <a href={crumb.href}>{crumb.label}</a>
          </li>
        ))}
        <li aria-current="page">{props.title}</li>
      </ol>
    </nav>
  );
}
