// The rules of people: who may grant what, that an owner remains, that tokens and links are secrets, and effects once.
import { describe, expect, it } from 'vitest';
import { apiTokens } from '../../models/api-token.ts';
import { createMemoryStore } from '../../models/memory-store.ts';
import { people as peopleDefinition } from '../../models/person.ts';
import { signIns } from '../../models/sign-in.ts';
import { signInLinks } from '../../models/sign-in-link.ts';
import type { Actor } from '../../src/core/actor.ts';
import type { Ctx } from '../../src/core/context.ts';
import { createIds } from '../../src/core/ids.ts';
import { type Role, roles } from '../../src/core/permissions.ts';
import { createPeople } from '../../src/features/people/service.ts';
import { TestClock, testCtx } from '../support/context.ts';

const cli: Actor = { kind: 'cli', id: 'cli:tester', name: 'tester', role: 'owner' };
const DAY_MS = 86_400_000;

function house() {
  const store = createMemoryStore();
  const clock = new TestClock();
  const parts = {
    people: store.facts(peopleDefinition),
    links: store.facts(signInLinks),
    tokens: store.facts(apiTokens),
    signIns: store.facts(signIns),
    clock,
    ids: createIds(),
    secretKey: 'a secret key of thirty-two characters',
    publicUrl: () => 'https://ops.example.com',
    zone: 'Asia/Kolkata',
  };
  const service = createPeople(parts);
  const as = (actor: Actor, given: Partial<Ctx> = {}): Ctx => testCtx({ actor, now: clock.now(), ...given });
  const hire = async (name: string, role: Role) => {
    const { person, link } = await service.invite(as(cli), name, role);
    const actor: Actor = { kind: 'person', id: person._id, name, role };
    return { id: person._id, actor, code: link.url.split('/login/')[1] ?? '' };
  };
  const everything = async (): Promise<string> =>
    JSON.stringify(
      await Promise.all(
        [parts.people, parts.links, parts.tokens, parts.signIns].map((collection) =>
          collection.scoped('default').find({ where: {}, limit: 100 }),
        ),
      ),
    );
  return { ...parts, service, as, hire, everything };
}

const denied = { code: 'permission.denied' };

describe('roles', () => {
  const pairs = roles.flatMap((own) => roles.map((other) => ({ own, other })));

  it.each(pairs)('a $own grants $other only if it is not above', async ({ own, other }) => {
    const { service, as, hire } = house();
    const { actor } = await hire('Granter', own);
    const target = await hire('Target', 'viewer');
    const mayGrant = roles.indexOf(other) <= roles.indexOf(own);
    const attempts = [
      () => service.invite(as(actor), 'New', other),
      () => service.setRole(as(actor), target.id, other),
      () => service.createToken(as(actor), { role: other, days: 1 }),
    ];
    for (const attempt of attempts)
      if (mayGrant) await expect(attempt()).resolves.toBeDefined();
      else await expect(attempt()).rejects.toMatchObject(denied);
  });

  it.each(pairs)('a $own changes or removes a $other only if not above', async ({ own, other }) => {
    const { service, as, hire } = house();
    await hire('Standing owner', 'owner');
    const { actor } = await hire('Manager', own);
    const target = await hire('Target', other);
    const may = roles.indexOf(other) <= roles.indexOf(own);
    for (const attempt of [
      () => service.setRole(as(actor), target.id, 'viewer'),
      () => service.remove(as(actor), target.id),
    ]) {
      const changed = await attempt().then(
        () => true,
        (error: { code: string }) => error.code !== 'permission.denied',
      );
      expect(changed).toBe(may);
      if (!may) expect((await service.principalOf(target.id))?.actor.role).toBe(other);
    }
  });
});

describe('the last owner', () => {
  it('cannot be removed or demoted, by anybody', async () => {
    const { service, as, hire } = house();
    const owner = await hire('Only', 'owner');
    for (const actor of [owner.actor, cli]) {
      await expect(service.remove(as(actor), owner.id)).rejects.toMatchObject({ code: 'record.conflict' });
      await expect(service.setRole(as(actor), owner.id, 'admin')).rejects.toMatchObject({
        code: 'record.conflict',
      });
    }
    expect((await service.principalOf(owner.id))?.actor.role).toBe('owner');
  });

  it('remains when owners remove each other at the same moment', async () => {
    for (let round = 0; round < 20; round += 1) {
      const { service, as, hire, people } = house();
      const owners = [await hire('A', 'owner'), await hire('B', 'owner'), await hire('C', 'owner')];
      const attempts = owners.flatMap((one) =>
        owners
          .filter((other) => other !== one)
          .map((other, n) =>
            (round + n) % 2 === 0
              ? service.remove(as(one.actor), other.id)
              : service.setRole(as(one.actor), other.id, 'user'),
          ),
      );
      await Promise.allSettled(attempts);

      expect(await people.scoped('default').count({ role: 'owner', status: 'active' })).toBeGreaterThan(0);
    }
  });

  it('can go once there is another', async () => {
    const { service, as, hire } = house();
    const first = await hire('First', 'owner');
    await hire('Second', 'owner');

    expect((await service.remove(as(first.actor), 'me')).status).toBe('removed');
    expect(await service.principalOf(first.id)).toBeNull();
  });
});

describe('effects', () => {
  it('of every write happen once under one key, and give the first outcome again', async () => {
    const { service, as, hire, people, links, tokens } = house();
    const { actor } = await hire('Admin', 'admin');
    const target = await hire('Target', 'user');
    const twice = async <T>(key: string, write: (ctx: Ctx) => Promise<T>): Promise<readonly [T, T]> => {
      const ctx = as(actor, { effectKey: key });
      return [await write(ctx), await write({ ...ctx, now: new Date(ctx.now.getTime() + 5_000) })];
    };
    const invited = await twice('e1', (ctx) => service.invite(ctx, 'Invited', 'user'));
    const token = await twice('e2', (ctx) => service.createToken(ctx, { role: 'viewer', days: 5 }));
    const role = await twice('e3', (ctx) => service.setRole(ctx, target.id, 'manager'));
    const revoked = await twice('e4', (ctx) => service.revokeToken(ctx, token[0].token._id));
    const gone = await twice('e5', (ctx) => service.remove(ctx, 'Target'));

    for (const [first, second] of [invited, token, role, revoked, gone]) expect(second).toEqual(first);
    const scoped = [people, links, tokens].map((collection) => collection.scoped('default').count({}));
    expect(await Promise.all(scoped)).toEqual([3, 3, 1]);
  });

  it('carry an audit row each, in the same write', async () => {
    const { service, as, hire, people } = house();
    const { actor } = await hire('Admin', 'admin');
    const { person } = await service.invite(as(actor, { operation: 'team.invite' }), 'Invited', 'user');
    await service.setRole(as(actor, { operation: 'team.role' }), 'invited', 'viewer');
    const stored = await people.scoped('default').get(person._id);
    const entries = stored?.outbox.map(({ content }) => (content.kind === 'audit' ? content.entry : null));

    expect(entries).toEqual([
      expect.objectContaining({ operation: 'team.invite', target: person._id, outcome: 'done' }),
      expect.objectContaining({
        operation: 'team.role',
        before: { role: 'user', status: 'active' },
        after: { role: 'viewer', status: 'active' },
      }),
    ]);
  });
});

describe('names', () => {
  it('find people whatever their case and spacing, and say who when several fit', async () => {
    const { service, as, hire, people } = house();
    const { id } = await hire('Asha Rao', 'user');

    expect((await service.locate(as(cli), '  asha   RAO '))._id).toBe(id);
    await expect(service.invite(as(cli), 'ASHA rao', 'user')).rejects.toMatchObject({
      code: 'record.conflict',
    });
    await expect(service.locate(as(cli), 'Nobody')).rejects.toMatchObject({ code: 'record.not_found' });
    const body = {
      name: 'Asha Rao',
      nameKey: 'asha rao',
      role: 'user',
      status: 'active',
      zone: 'UTC',
      language: 'en',
      invitedBy: 'x',
    } as const;
    const history = { effectKey: 'x', at: new Date(0), by: 'x', operation: 'x' };
    await people.scoped('default').insertOnce('usr_twin', body, { history, items: [] });
    await expect(service.locate(as(cli), 'asha rao')).rejects.toThrow(/usr_twin/);
  });

  it('of somebody who left can be taken again', async () => {
    const { service, as, hire } = house();
    const { id } = await hire('Asha', 'user');
    await service.remove(as(cli), id);
    const again = await hire('Asha', 'viewer');

    expect(again.id).not.toBe(id);
    expect((await service.locate(as(cli), 'asha'))._id).toBe(again.id);
  });

  it('of another tenant are unknown', async () => {
    const { service, as, hire } = house();
    const { id } = await hire('Asha', 'user');
    const elsewhere = as(cli, { tenant: 'other' });

    await expect(service.locate(elsewhere, id)).rejects.toMatchObject({ code: 'record.not_found' });
    await expect(service.locate(elsewhere, 'Asha')).rejects.toMatchObject({ code: 'record.not_found' });
    await expect(service.remove(elsewhere, id)).rejects.toMatchObject({ code: 'record.not_found' });
  });
});

describe('a token', () => {
  it('of a person acts as that person, with the role they have then', async () => {
    const { service, as, hire } = house();
    const { actor, id } = await hire('Asha', 'admin');
    const { text } = await service.createToken(as(actor), { days: 5 });

    expect(text).toMatch(/^wr_[A-Za-z0-9_-]{43}$/);
    expect((await service.authenticateToken(text))?.actor).toEqual(actor);
    await service.setRole(as(cli), id, 'viewer');
    expect((await service.authenticateToken(text))?.actor.role).toBe('viewer');
    await service.remove(as(cli), id);
    expect(await service.authenticateToken(text)).toBeNull();
  });

  it('of a service is an actor of its own', async () => {
    const { service, as } = house();
    const { text, token } = await service.createToken(as(cli), { role: 'manager', name: 'n8n', days: 5 });

    expect((await service.authenticateToken(text))?.actor).toEqual({
      kind: 'service',
      id: token._id,
      name: 'n8n',
      role: 'manager',
    });
  });

  it('works until it expires or is revoked, and not a moment longer', async () => {
    const { service, as, clock } = house();
    const short = await service.createToken(as(cli), { role: 'viewer', days: 1 });
    const revoked = await service.createToken(as(cli), { role: 'viewer', days: 30 });
    await service.revokeToken(as(cli), revoked.token._id);
    clock.advance(DAY_MS - 1);

    expect(await service.authenticateToken(short.text)).not.toBeNull();
    expect(await service.authenticateToken(revoked.text)).toBeNull();
    clock.advance(1);
    expect(await service.authenticateToken(short.text)).toBeNull();
    expect(await service.listTokens(as(cli))).toEqual([]);
  });

  it('for somebody else is made by the operator alone', async () => {
    const { service, as, hire } = house();
    const owner = await hire('Owner', 'owner');
    const asha = await hire('Asha', 'user');

    await expect(service.createToken(as(owner.actor), { user: 'Asha', days: 1 })).rejects.toMatchObject(
      denied,
    );
    const { text } = await service.createToken(as(cli), { user: 'Asha', days: 1 });
    expect((await service.authenticateToken(text))?.actor.id).toBe(asha.id);
  });

  it('is refused where the wish cannot be read', async () => {
    const { service, as } = house();

    await expect(service.createToken(as(cli), { days: 1 })).rejects.toMatchObject({ code: 'input.invalid' });
    await expect(service.createToken(as(cli), { user: 'me', role: 'viewer', days: 1 })).rejects.toMatchObject(
      { code: 'input.invalid' },
    );
  });

  it.each(['', 'wr_', 'wr_short', `wr_${'A'.repeat(43)}`, `wr_${'A'.repeat(4300)}`, '{"$ne":null}'])(
    'that reads “%.12s” is nobody’s',
    async (text) => {
      expect(await house().service.authenticateToken(text)).toBeNull();
    },
  );
});

describe('secrets', () => {
  it('are stored nowhere: neither codes nor tokens, nor in audit rows or history', async () => {
    const { service, as, hire, everything } = house();
    const { code, actor } = await hire('Asha', 'admin');
    const { text } = await service.createToken(as(actor), { days: 5 });
    const owner = await hire('Owner', 'owner');
    await service.consumeLink(owner.code, { requestId: 'req_1', browser: 'x' });
    const stored = await everything();

    expect(stored).toContain('digest');
    for (const secret of [code, owner.code, text, text.slice(3)]) expect(stored).not.toContain(secret);
  });

  it('cannot be computed with another key', async () => {
    const one = house();
    const other = { ...house(), secretKey: 'another key of thirty-two characters.' };
    const theirs = createPeople(other);
    const ctx = one.as(cli, { effectKey: 'same' });
    const mine = await one.service.createToken(ctx, { role: 'viewer', days: 1 });
    const foreign = await theirs.createToken(ctx, { role: 'viewer', days: 1 });

    expect(foreign.token._id).toBe(mine.token._id);
    expect(foreign.text).not.toBe(mine.text);
  });
});

describe('sign-in links', () => {
  const opening = (n: number) => ({ requestId: `req_${n}`, browser: 'Firefox' });

  it('for the first owner stay the same until they expire, or are renewed', async () => {
    const { service, clock } = house();
    const first = await service.ensureOwnerLink();

    expect(first?.url).toMatch(/^https:\/\/ops\.example\.com\/login\/[A-Za-z0-9_-]{43}$/);
    expect(await service.ensureOwnerLink()).toEqual(first);
    const renewed = await service.ensureOwnerLink({ renew: true });
    expect(renewed?.url).not.toBe(first?.url);
    await expect(service.readLink(first?.url.split('/login/')[1] ?? '')).rejects.toMatchObject({
      code: 'auth.link_spent',
    });
    clock.advance(DAY_MS);
    expect((await service.ensureOwnerLink())?.url).not.toBe(renewed?.url);
  });

  it('for the first owner are dead once there is an owner, however they came to be', async () => {
    const { service, hire } = house();
    const code = (await service.ensureOwnerLink())?.url.split('/login/')[1] ?? '';
    await hire('By the operator', 'owner');

    await expect(service.consumeLink(code, opening(1))).rejects.toMatchObject({ code: 'auth.link_spent' });
    expect(await service.ensureOwnerLink()).toBeNull();
  });

  it('make one owner, also when pressed by many at once', async () => {
    const { service, people } = house();
    const code = (await service.ensureOwnerLink())?.url.split('/login/')[1] ?? '';
    const pressed = await Promise.allSettled([1, 2, 3, 4].map((n) => service.consumeLink(code, opening(n))));

    expect(pressed.filter(({ status }) => status === 'fulfilled').length).toBe(1);
    expect(await people.scoped('default').count({ role: 'owner' })).toBe(1);
  });

  it('can be finished when the process ended between the owner and the use of the link', async () => {
    const { service, people, links } = house();
    const code = (await service.ensureOwnerLink())?.url.split('/login/')[1] ?? '';
    const dying = createPeople({
      ...house(),
      people,
      links: {
        ...links,
        scoped: () => ({
          ...links.scoped('default'),
          compareAndSet: () => Promise.reject(new Error('killed')),
        }),
      },
    });
    await expect(dying.consumeLink(code, opening(1))).rejects.toThrow('killed');
    const { principal } = await service.consumeLink(code, opening(2));

    expect(principal.actor.role).toBe('owner');
    expect(await people.scoped('default').count({})).toBe(1);
  });

  it('are made anew for oneself or the not yet arrived, and for others by the operator alone', async () => {
    const { service, as, hire } = house();
    const admin = await hire('Admin', 'admin');
    const asha = await hire('Asha', 'user');
    await expect(service.relink(as(admin.actor), 'Asha')).resolves.toBeDefined();
    await service.consumeLink(asha.code, opening(1));

    await expect(service.relink(as(admin.actor), 'Asha')).rejects.toMatchObject(denied);
    await expect(service.relink(as(admin.actor), 'me')).resolves.toBeDefined();
    await expect(service.relink(as(cli), 'Asha')).resolves.toBeDefined();
  });
});
