// The page of `npm run fakes`: both chats side by side, to watch, type and press in under several accounts.
import type { FakePlatform, ShownForm, ShownMessage } from './platform.ts';

const titles = { slack: 'Slack', telegram: 'Telegram' } as const;

/** @param query which account and chat each side shows, such as `slack-user=Asha&slack-chat=ops`. */
export function pageOf(platforms: readonly FakePlatform[], query: URLSearchParams): string {
  const sides = platforms.map((platform) => sideOf(platform, query)).join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Both chats, without a token</title>
<link rel="stylesheet" href="/page.css">
<script src="/page.js" defer></script>
</head>
<body>
<header>
<h1>Both chats, without a token</h1>
<p>These are fakes of Slack and Telegram. Choose who you are, write a line such as <code>/help</code>, press buttons.</p>
</header>
<main>
${sides}
</main>
</body>
</html>
`;
}

function sideOf(platform: FakePlatform, query: URLSearchParams): string {
  const { name } = platform;
  const accounts = platform.accounts();
  const account = query.get(`${name}-user`) ?? accounts[0] ?? '';
  const chats = platform.chats(account);
  const chosen = query.get(`${name}-chat`) ?? 'private';
  const chat = chats.find((one) => one.name === chosen) ?? chats[0];
  const back = `/?${query}`;
  const link = (user: string, room: string): string => {
    const changed = new URLSearchParams(query);
    changed.set(`${name}-user`, user);
    changed.set(`${name}-chat`, room);
    return `/?${changed}`;
  };
  const choice = (href: string, label: string, current: boolean): string =>
    `<a href="${escaped(href)}"${current ? ' aria-current="true"' : ''}>${escaped(label)}</a>`;
  const seen = platform
    .messages()
    .filter((one) => one.chat === chat?.id && (one.onlyFor === null || one.onlyFor === account));
  const hidden = hiddenFields({ platform: name, user: account, chat: chat?.id ?? '', back });
  const form = platform.form(account);
  return `<section aria-labelledby="${name}-title">
<h2 id="${name}-title">${titles[name]}</h2>
<nav aria-label="Who you are in ${titles[name]}">You are: ${accounts
    .map((one) => choice(link(one, chosen), one, one === account))
    .join(' ')}</nav>
<nav aria-label="Chat of ${titles[name]}">Chat: ${chats
    .map((one) => choice(link(account, one.name), one.name, one === chat))
    .join(' ')}</nav>
<div class="log" id="${name}-log" role="log" aria-live="polite" aria-label="Messages" tabindex="0" data-live>
${seen.length === 0 ? '<p class="empty">Nothing was said here yet.</p>' : seen.map((one) => messageOf(one, hidden)).join('\n')}
${form ? formOf(form, hidden) : ''}
</div>
<form class="line" method="post" action="/control/say">
${hidden}
<label for="${name}-text">Message as ${escaped(account)}</label>
<div><input id="${name}-text" name="text" autocomplete="off" required><button>Send</button></div>
</form>
</section>`;
}

function messageOf(message: ShownMessage, hidden: string): string {
  const { id, platform, from, byBot, text, buttons, onlyFor, picture, atMs } = message;
  const time = new Date(atMs).toISOString();
  const src = `/picture?${new URLSearchParams({ platform, message: id })}`;
  const press = buttons
    .map((label) => `<button name="button" value="${escaped(label)}">${escaped(label)}</button>`)
    .join('');
  return `<article class="${byBot ? 'bot' : 'person'}">
<h3>${escaped(from)}${onlyFor === null ? '' : ' <small>only you see this</small>'} <time datetime="${time}">${time.slice(11, 19)}</time></h3>
${picture ? `<img src="${escaped(src)}" alt="${escaped(text)}">` : ''}
<p>${escaped(text)}</p>
${press === '' ? '' : `<form method="post" action="/control/press" class="buttons">${hidden}<input type="hidden" name="message" value="${escaped(id)}">${press}</form>`}
</article>`;
}

function formOf({ title, fields }: ShownForm, hidden: string): string {
  const inputs = fields.map(({ id, label, choices }) => {
    const name = escaped(`value:${id}`);
    const options = choices.map((one) => `<option>${escaped(one)}</option>`).join('');
    const input =
      choices.length > 0 ? `<select name="${name}">${options}</select>` : `<input name="${name}">`;
    return `<label>${escaped(label)} ${input}</label>`;
  });
  return `<form method="post" action="/control/submit" class="modal"><h3>${escaped(title)}</h3>${hidden}${inputs.join('')}<button>Submit</button></form>`;
}

function hiddenFields(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${escaped(value)}">`)
    .join('');
}

function escaped(text: string): string {
  const marks: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"]/g, (mark) => marks[mark] ?? '');
}

export const styles = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0; padding: 1rem; background: Canvas; color: CanvasText; }
h1 { font-size: 1.25rem; margin: 0; } h2 { font-size: 1.1rem; margin: 0; } h3 { font-size: 0.9rem; margin: 0; }
main { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: 1rem; }
section { display: flex; flex-direction: column; gap: 0.5rem; border: 1px solid GrayText; border-radius: 8px; padding: 1rem; }
nav a { padding: 0.1rem 0.5rem; color: LinkText; } nav a[aria-current] { font-weight: bold; text-decoration: none; border: 1px solid currentColor; border-radius: 1rem; }
.log { height: 55vh; overflow-y: auto; display: flex; flex-direction: column; gap: 0.75rem; }
article { border-left: 3px solid GrayText; padding-left: 0.75rem; } article.bot { border-color: Highlight; }
article p { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; } article img { max-width: 100%; }
time, small, .empty { color: light-dark(#595959, #a8a8a8); font-weight: normal; font-variant-numeric: tabular-nums; }
button, input, select { font: inherit; min-height: 2.5rem; } .buttons { display: flex; flex-wrap: wrap; gap: 0.5rem; margin-top: 0.25rem; }
.line div { display: flex; gap: 0.5rem; } .line input { flex: 1; min-width: 0; } .modal { display: grid; gap: 0.5rem; border: 2px solid Highlight; padding: 0.75rem; }
.modal label { display: grid; } :focus-visible { outline: 3px solid Highlight; outline-offset: 2px; }
`;

/** Without it the page works by its forms alone; with it, what is said shows by itself. */
export const script = `const logs = () => [...document.querySelectorAll('[data-live]')];
async function refresh() {
  const next = new DOMParser().parseFromString(await (await fetch(location.href)).text(), 'text/html');
  for (const log of logs()) {
    const fresh = next.getElementById(log.id);
    const busy = log.contains(document.activeElement) && document.activeElement !== log;
    if (!fresh || busy || fresh.innerHTML === log.innerHTML) continue;
    log.innerHTML = fresh.innerHTML;
    log.scrollTop = log.scrollHeight;
  }
}
document.addEventListener('submit', async (event) => {
  event.preventDefault();
  const form = event.target;
  const body = new URLSearchParams(new FormData(form, event.submitter));
  if (event.submitter) event.submitter.blur();
  await fetch(form.action, { method: 'POST', body, redirect: 'manual' });
  if (form.classList.contains('line')) form.reset();
  await refresh();
});
for (const log of logs()) log.scrollTop = log.scrollHeight;
setInterval(() => refresh().catch(() => undefined), 1000);
`;
