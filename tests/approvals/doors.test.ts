// Approvals through the doors of the web: 202 with the request, its address, the page with what waits first, and its forms.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditLog } from '../../models/audit-log.ts';
import type { Role } from '../../src/core/permissions.ts';
import { formsTo, type PageWorld, pageWorld, press, wordsOn } from '../support/page-world.ts';
import { armsCsv } from '../support/protocol-world.ts';
import { ask, operator } from '../support/web-world.ts';

const HERE = '/admin/approvals';

let world: PageWorld;
beforeEach(async () => {
  world = await pageWorld();
});
afterEach(() => world.close());

/** A proposal of the protocol, which waits. */
async function proposed(): Promise<string> {
  await world.importCsv('offer', armsCsv({ old: [2000, 300], neu: [2000, 400] }), 'old');
  await world.runProtocol();
  return (await world.services.approvals.find(world.ctx(), 'offer'))._id;
}

/** A bearer token of somebody with this role. */
async function tokenOf(role: Role, name = `The ${role}`): Promise<string> {
  const ctx = () => world.ctx({ actor: operator, door: 'cli' });
  const { person } = await world.services.people.invite(ctx(), name, role);
  return (await world.services.people.createToken(ctx(), { user: person._id, days: 1 })).text;
}

const api = (path: string, token: string, json?: unknown, key?: string) =>
  ask(`${world.url}${path}`, {
    token,
    ...(json === undefined ? {} : { json }),
    ...(key === undefined ? {} : { headers: { 'idempotency-key': key } }),
  });

const SWITCH = { experiment: 'offer', look: 1, winner: 'neu' };
const current = async () => (await world.services.experiments.get(world.ctx(), 'offer')).current;

describe('over HTTP, what must be approved', () => {
  it('answers 202 with the request and its address, and does nothing', async () => {
    const id = await proposed();
    await world.services.approvals.withdraw(world.ctx({ actor: operator }), id, 'by hand');
    const asker = await tokenOf('manager', 'Asker');

    const answer = await api('/api/operations/experiment.switch', asker, SWITCH, 'once');
    const again = await api('/api/operations/experiment.switch', asker, SWITCH, 'once');

    expect(answer.status).toBe(202);
    const request = answer.json() as { approval: string; state: string; needed: number };
    expect(request).toMatchObject({ state: 'open', needed: 1 });
    expect(answer.headers.get('location')).toBe(`/api/approvals/${request.approval}`);
    expect(again.json()).toEqual(answer.json());
    expect(await current()).toBe('old');
  });

  it('is approved by somebody else, never by whoever asked', async () => {
    const id = await proposed();
    await world.services.approvals.withdraw(world.ctx({ actor: operator }), id, 'by hand');
    const asker = await tokenOf('manager', 'Asker');
    const other = await tokenOf('manager', 'Other');
    const { approval } = (await api('/api/operations/experiment.switch', asker, SWITCH)).json() as {
      approval: string;
    };

    const own = await api(`/api/approvals/${approval}/approve`, asker, {});
    expect([own.status, own.text]).toEqual([403, expect.stringContaining('somebody else must approve it')]);
    expect(await current()).toBe('old');

    const yes = await api(`/api/approvals/${approval}/approve`, other, { note: 'seen' });
    expect([yes.status, yes.json()]).toEqual([200, expect.objectContaining({ state: 'done' })]);
    expect(await current()).toBe('neu');
  });

  it('is listed for those who may decide, and for whoever asked', async () => {
    await proposed();
    const manager = await api('/api/approvals', await tokenOf('manager'));
    const viewer = await api('/api/approvals', await tokenOf('viewer'));

    expect(manager.json()).toMatchObject({ total: 1, approvals: [{ operation: 'experiment.switch' }] });
    expect(viewer.json()).toEqual({ total: 0, approvals: [] });
  });

  it('still answers to experiment.approve as before', async () => {
    await proposed();
    const token = await tokenOf('manager');

    const answer = await api('/api/operations/experiment.approve', token, { experiment: 'offer' });

    expect([answer.status, answer.json()]).toEqual([
      200,
      {
        output: expect.objectContaining({
          current: 'neu',
          previous: 'old',
          status: 'ended',
          decidedBy: 'The manager',
        }),
      },
    ]);
  });
});

describe('the page of approvals', () => {
  it('shows what waits for this person first, with change, evidence, hash and time, and counts it in the menu', async () => {
    await proposed();
    const manager = await world.signedIn('manager');
    const { text } = await manager.get(HERE);
    const words = wordsOn(text);

    expect(words).toContain('▲ 1 REQUEST WAITS FOR YOU');
    for (const said of [
      'Switch offer from old to neu?',
      'New units get: old → neu',
      '20.0 % against 15.0 %',
      'the protocol',
    ])
      expect(words).toContain(said);
    expect(text).toContain('class="picture"');
    const entry = text.split('href="/admin/approvals"')[1]?.split('</li>')[0];
    expect(entry).toContain('<span class="count">1<');
    const empty = await world.signedIn('user');
    expect(wordsOn((await empty.get(HERE)).text)).toContain('● NOTHING WAITS FOR YOU');
  });

  it('approves by a form without script, bound to what it showed', async () => {
    const id = await proposed();
    const manager = await world.signedIn('manager');
    const [form] = formsTo((await manager.get(HERE)).text, 'approval.approve');
    const { payloadHash } = await world.services.approvals.find(world.ctx(), id);
    expect(form).toMatchObject({ approval: id, hash: payloadHash });

    const forged = await manager.post('/admin/operations/approval.approve', {
      ...form,
      hash: 'f'.repeat(64),
    });
    expect(forged.status).toBe(303);
    expect(wordsOn((await manager.get(HERE)).text)).toContain('another payload');
    expect(await current()).toBe('old');

    await press(manager, HERE, 'approval.approve', { note: 'as agreed' });
    const after = wordsOn((await manager.get(HERE)).text);
    expect(after).toContain('offer now gives new units neu');
    expect(after).toContain('as agreed');
    expect(await current()).toBe('neu');
  });

  it('keeps how each was decided, with every vote and the payload it was for', async () => {
    const id = await proposed();
    const manager = await world.signedIn('manager', 'Meera');
    await press(manager, HERE, 'approval.reject', { reason: 'too dear' });
    const { text } = await manager.get(`${HERE}/${id}`);
    const { payloadHash } = await world.services.approvals.find(world.ctx(), id);

    expect(wordsOn(text)).toMatch(/Meera \S+ rejected it on .*: too dear/);
    expect(text).toContain(payloadHash);
    expect(formsTo(text, 'approval.approve')).toEqual([]);
    expect(wordsOn((await manager.get(`${HERE}?view=decided`)).text)).toContain(
      'Switch offer from old to neu',
    );
    expect(await world.services.experiments.get(world.ctx(), 'offer')).toMatchObject({
      status: 'stopped',
      proposal: { status: 'rejected', reason: 'too dear' },
    });
  });

  it('says who may not vote that they may not, and leaves an audit row', async () => {
    const id = await proposed();
    const user = await world.signedIn('user');
    const csrf = await user.csrf();
    const posted = await user.post('/admin/operations/approval.approve', {
      _csrf: csrf,
      _back: HERE,
      approval: id,
    });

    expect(posted.status).toBe(403);
    expect(posted.text).toContain('To vote on this you need experiment.approve');
    const rows = await world.store.records(auditLog).scoped('default').find({ where: {}, limit: 10 });
    expect(rows).toMatchObject([
      { operation: 'approval.approve', outcome: 'denied', target: id, door: 'page' },
    ]);
    expect(await current()).toBe('old');
  });

  it('shows a stranger’s hostile words as words', async () => {
    const id = await proposed();
    const { approvals } = world.services;
    await approvals.withdraw(world.ctx({ actor: operator }), id, '<img src=x onerror=alert(1)>');
    const { text } = await (await world.signedIn('manager')).get(`${HERE}/${id}`);

    expect(text).not.toContain('<img src=x');
    expect(wordsOn(text)).toContain('<img src=x onerror=alert(1)>');
  });
});
