// Every vote × role × door × trick of identity: the permission of the request decides, at the vote, and nothing else does.
import { describe, expect, it } from 'vitest';
import { apiTokens } from '../../models/api-token.ts';
import { type Actor, doors, systemActor } from '../../src/core/actor.ts';
import { type Role, roles } from '../../src/core/permissions.ts';
import { traceOf } from '../../src/core/trace.ts';
import { testCtx } from '../support/context.ts';
import { setMember } from '../support/members.ts';
import { approvalWorld, asha, clerk, meera, person, ravi } from './approval-world.ts';

const verbs = ['approval.approve', 'approval.reject'] as const;
type Verb = (typeof verbs)[number];
const ended: Readonly<Record<Verb, string>> = { 'approval.approve': 'done', 'approval.reject': 'rejected' };

const MAY: readonly Role[] = ['manager', 'admin', 'owner'];
const cells = verbs.flatMap((verb) =>
  roles.flatMap((role) => doors.map((door) => ({ verb, role, door, may: MAY.includes(role) }))),
);

describe.each(cells)('$verb by a $role through $door', ({ verb, role, door, may }) => {
  it(`is ${may ? 'counted' : 'refused and audited'}`, async () => {
    const voter = person('Voter', role);
    const world = await approvalWorld({ members: [clerk, asha, voter] });
    const id = await world.ask(clerk);

    const cast = world.run(voter, verb, { approval: id }, door);

    if (may) await cast;
    else await expect(cast).rejects.toMatchObject({ code: 'permission.denied' });
    expect((await world.get(id)).state).toBe(may ? ended[verb] : 'open');
    expect((await world.get(id)).votes).toHaveLength(may ? 1 : 0);
    expect(world.denials.map(({ operation, door: through }) => [operation, through])).toEqual(
      may ? [] : [[verb, door]],
    );
  });
});

interface Trick {
  readonly name: string;
  readonly requester: Actor;
  readonly voter: Actor;
  readonly code: string;
  /** What is done between the request and the vote. */
  readonly before?: (world: Awaited<ReturnType<typeof approvalWorld>>) => Promise<void>;
}

const robot = (id: string): Actor => ({ kind: 'service', id, name: 'robot', role: 'owner' });
const operator: Actor = { kind: 'cli', id: 'cli:root', name: 'root', role: 'owner' };
const other: Actor = { kind: 'cli', id: 'cli:daemon', name: 'daemon', role: 'owner' };

/** A service token that Asha made. */
async function tokenByAsha(world: Awaited<ReturnType<typeof approvalWorld>>): Promise<void> {
  const body = {
    digest: 'x',
    name: 'robot',
    kind: 'service' as const,
    personId: null,
    role: 'owner' as const,
    createdBy: asha.id,
    expiresAt: new Date('2030-01-01'),
    revokedAt: null,
  };
  const trace = traceOf(testCtx(), { target: 'tok_asha' });
  await world.store.facts(apiTokens).scoped('default').insertOnce('tok_asha', body, trace);
}

const tricks: readonly Trick[] = [
  { name: 'whoever asked', requester: asha, voter: asha, code: 'permission.denied' },
  {
    name: 'whoever asked, by a token of theirs under another name and role',
    requester: asha,
    voter: { ...asha, name: 'Somebody else', role: 'owner' },
    code: 'permission.denied',
  },
  {
    name: 'a service account of an owner’s role',
    requester: clerk,
    voter: robot('tok_1'),
    code: 'permission.denied',
  },
  {
    name: 'the service account that asked',
    requester: robot('tok_1'),
    voter: robot('tok_1'),
    code: 'permission.denied',
  },
  { name: 'the protocol itself', requester: clerk, voter: systemActor, code: 'permission.denied' },
  {
    name: 'a stranger of a chat platform',
    requester: clerk,
    voter: { kind: 'stranger', id: 'slack:T1/U1', name: 'Guest', role: 'viewer' },
    code: 'permission.denied',
  },
  {
    name: 'somebody who was removed, with a session that still says manager',
    requester: clerk,
    voter: ravi,
    before: ({ store }) => setMember(store, ravi, 'removed'),
    code: 'permission.denied',
  },
  {
    name: 'somebody who was demoted, with a session that still says manager',
    requester: clerk,
    voter: ravi,
    before: ({ store }) => setMember(store, { ...ravi, role: 'user' }),
    code: 'permission.denied',
  },
  {
    name: 'somebody who was never on the team',
    requester: clerk,
    voter: person('Mallory', 'owner'),
    code: 'permission.denied',
  },
  {
    name: 'the operator, for what a person asked',
    requester: clerk,
    voter: operator,
    code: 'permission.denied',
  },
  {
    name: 'another account of the machine, for what the operator asked',
    requester: operator,
    voter: other,
    code: 'permission.denied',
  },
];

describe.each(verbs)('%s by', (verb) => {
  it.each(tricks)(
    '$name is refused, audited and changes nothing',
    async ({ requester, voter, before, code, name }) => {
      const world = await approvalWorld();
      const id = await world.ask(requester, 900, 2);
      await before?.(world);
      // A no of one's own is no trick: it only ends what one asked for.
      const isOwnNo = verb === 'approval.reject' && name.startsWith('whoever asked');

      const cast = world.run(voter, verb, {
        approval: id,
        ...(verb === 'approval.approve' ? { confirm: id.slice(4, 10) } : {}),
      });

      if (isOwnNo) await cast;
      else {
        await expect(cast).rejects.toMatchObject({ code });
        expect((await world.get(id)).votes).toEqual([]);
        expect(world.denials).toHaveLength(1);
      }
      expect((await world.price()).paise).toBe(500);
    },
  );

  it('somebody of another tenant meets nothing', async () => {
    const world = await approvalWorld();
    const id = await world.ask(clerk);
    const elsewhere = person('Elsewhere', 'owner');
    await setMember(world.store, elsewhere, 'active', 'acme');

    await expect(
      world.run(elsewhere, verb, { approval: id }, 'http', { tenant: 'acme' }),
    ).rejects.toMatchObject({
      code: 'record.not_found',
    });
    expect((await world.get(id)).state).toBe('open');
  });
});

describe('the person behind a service account', () => {
  it('cannot approve what their own service account asked', async () => {
    const world = await approvalWorld();
    await tokenByAsha(world);
    const id = await world.ask(robot('tok_asha'));

    await expect(world.run(asha, 'approval.approve', { approval: id })).rejects.toMatchObject({
      code: 'permission.denied',
      publicMessage: expect.stringContaining('You asked for this'),
    });
    await world.run(ravi, 'approval.approve', { approval: id });
    expect((await world.get(id)).state).toBe('done');
  });

  it('whose account was revoked meanwhile has asked for nothing any more', async () => {
    const world = await approvalWorld();
    await tokenByAsha(world);
    const id = await world.ask(robot('tok_asha'));
    const tokens = world.store.facts(apiTokens).scoped('default');
    const token = await tokens.get('tok_asha');
    if (token)
      await tokens.compareAndSet(
        token,
        { revokedAt: world.clock.now() },
        traceOf(testCtx(), { target: 'tok_asha' }),
      );

    await world.run(ravi, 'approval.approve', { approval: id });

    expect((await world.get(id)).state).toBe('stale');
    expect((await world.price()).paise).toBe(500);
  });
});

describe('the operator at the machine', () => {
  it('decides alone on what the protocol asks of one person, as before there was a team', async () => {
    const world = await approvalWorld();
    const ctx = world.ctxOf(systemActor, { door: 'job' });
    const { ticket } = await world.approvals.desk.open(ctx, 'price.set', { item: 'tea', paise: 700 });

    await world.run(operator, 'approval.approve', { approval: ticket.id }, 'cli');

    expect((await world.get(ticket.id)).state).toBe('done');
  });

  it('is never one of two', async () => {
    const world = await approvalWorld();
    const ctx = world.ctxOf(systemActor, { door: 'job' });
    const { ticket } = await world.approvals.desk.open(ctx, 'price.set', {
      item: 'tea',
      paise: 700,
      people: 2,
    });

    await expect(
      world.run(operator, 'approval.approve', { approval: ticket.id }, 'cli'),
    ).rejects.toMatchObject({
      publicMessage: expect.stringContaining('nobody’s second pair of eyes'),
    });
  });

  it('types the id where there is nobody else at all', async () => {
    const world = await approvalWorld({ members: [] });
    const id = await world.ask(operator);

    await expect(world.run(operator, 'approval.approve', { approval: id }, 'cli')).rejects.toMatchObject({
      code: 'approval.confirm',
    });
    await world.run(operator, 'approval.approve', { approval: id, confirm: id.slice(4, 10) }, 'cli');
    expect(await world.get(id)).toMatchObject({ state: 'done', selfApproved: true });
  });
});

describe('what is seen of requests', () => {
  it('is what one may decide or has asked for', async () => {
    const world = await approvalWorld();
    const id = await world.ask(clerk);
    const titles = async (actor: Actor) => {
      const { output } = await world.run(actor, 'approval.list', { view: 'all' });
      return (output as { approvals: { title: string }[] }).approvals.map(({ title }) => title);
    };

    expect(await titles(meera)).toEqual(['Set tea to 900']);
    expect(await titles(clerk)).toEqual(['Set tea to 900']);
    expect(await titles(person('Nosy', 'user'))).toEqual([]);
    await expect(world.run(person('Nosy', 'user'), 'approval.show', { approval: id })).rejects.toMatchObject({
      code: 'record.not_found',
    });
  });
});
