// The page of people over real HTTP: who sees what, its forms work without script, and a token is shown once.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { peoplePage } from '../../src/features/people/page.tsx';
import { ask, Browser, type WebWorld, webWorld } from '../support/web-world.ts';

let world: WebWorld;
beforeAll(async () => {
  world = await webWorld({ pages: [peoplePage] });
});
afterAll(() => world.close());

async function as(role: 'user' | 'manager' | 'admin' | 'owner') {
  const person = await world.personOf(role);
  const browser = new Browser(world.url);
  await browser.signIn(person.code);
  return { ...person, browser };
}

/** The hidden and preset fields of the page's form for an operation, as a browser would send them. */
function formOf(html: string, operation: string, having = ''): Record<string, string> {
  const forms = html.match(/<form[^>]*>.*?<\/form>/gs) ?? [];
  const form =
    forms.find((one) => one.includes(`/admin/operations/${operation}"`) && one.includes(having)) ?? '';
  const inputs = [...form.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
  return Object.fromEntries(
    inputs.map(([, name = '', value = '']) => [name, value.replaceAll('&amp;', '&')]),
  );
}

describe('the page of people', () => {
  it('is closed to a user, and shows a manager the team but no forms that change it', async () => {
    const user = await as('user');
    const manager = await as('manager');
    const seen = (await manager.browser.get('/admin/people')).text;

    expect((await user.browser.get('/admin/people')).status).toBe(403);
    expect(seen).toContain(user.id);
    expect(seen).toContain('/admin/operations/session.revoke');
    expect(seen).not.toMatch(/operations\/(team|token)\./);
  });

  it('invites somebody whose link then works', async () => {
    const { browser } = await as('admin');
    const form = formOf((await browser.get('/admin/people')).text, 'team.invite');
    const posted = await browser.post('/admin/operations/team.invite', {
      ...form,
      name: 'Nila',
      role: 'manager',
    });
    const page = (await browser.get('/admin/people')).text;
    const code = /\/login\/([A-Za-z0-9_-]{43})/.exec(page)?.[1] ?? '';
    const nila = new Browser(world.url);

    expect(posted.headers.get('location')).toBe('/admin/people');
    expect((await nila.signIn(code)).status).toBe(303);
    expect((await nila.get('/admin/people')).text).toContain('Nila <small>manager</small>');
  });

  it('shows a new token once, and the token works', async () => {
    const { browser } = await as('admin');
    const form = formOf((await browser.get('/admin/people')).text, 'token.create');
    await browser.post('/admin/operations/token.create', { ...form, name: 'n8n', role: 'viewer', days: '7' });
    const token = /wr_[A-Za-z0-9_-]{43}/.exec((await browser.get('/admin/people')).text)?.[0] ?? '';
    const again = (await browser.get('/admin/people')).text;

    expect(again).not.toContain(token);
    expect(again).toContain('n8n');
    const me = (await ask(`${world.url}/api/me`, { token })).json();
    expect(me).toMatchObject({ name: 'n8n', kind: 'service', role: 'viewer' });
  });

  it('removes somebody by the form that asked, and they are out at once', async () => {
    const { browser } = await as('admin');
    const leaving = await as('manager');
    const form = formOf((await browser.get('/admin/people')).text, 'team.remove', leaving.id);

    expect(form['_confirmed']).toBe('yes');
    expect((await browser.post('/admin/operations/team.remove', form)).status).toBe(303);
    expect((await leaving.browser.get('/admin/people')).status).toBe(303);
    expect((await browser.get('/admin/people')).text).not.toContain(leaving.id);
  });

  it('refuses what the rules refuse, with the reason beside the form', async () => {
    const { browser } = await as('admin');
    const owner = await as('owner');
    const form = formOf((await browser.get('/admin/people')).text, 'team.role', owner.id);
    const answer = await browser.post('/admin/operations/team.role', { ...form, role: 'viewer' });

    expect(answer.status).toBe(403);
    expect(answer.text).toContain('which is above your role');
  });

  it('signs one out of another browser', async () => {
    const { browser } = await as('manager');
    const form = formOf((await browser.get('/admin/people')).text, 'session.revoke');
    await browser.post('/admin/operations/session.revoke', form);

    expect((await browser.get('/admin/people')).status).toBe(303);
  });
});
