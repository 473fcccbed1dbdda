// Who is behind a chat account: proof from both sides, strangers without rights, guessing ended, a link parted again.
import { describe, expect, it } from 'vitest';
import { codeGuesses } from '../../models/code-guess.ts';
import { identities as identityDefinition } from '../../models/identity.ts';
import { linkCodes } from '../../models/link-code.ts';
import { createMemoryStore } from '../../models/memory-store.ts';
import { people as peopleDefinition } from '../../models/person.ts';
import { type Actor, mayDo } from '../../src/core/actor.ts';
import type { Ctx } from '../../src/core/context.ts';
import { type Permission, permissions } from '../../src/core/permissions.ts';
import { traceOf } from '../../src/core/trace.ts';
import { createIdentities } from '../../src/features/people/identities.ts';
import { TestClock, testCtx } from '../support/context.ts';

const slackAccount = { tenant: 'default', platform: 'slack', account: 'T1/U1', name: 'asha.r' };

function house() {
  const store = createMemoryStore();
  const clock = new TestClock();
  const people = store.facts(peopleDefinition);
  const service = createIdentities({
    people,
    identities: store.facts(identityDefinition),
    codes: store.facts(linkCodes),
    guesses: store.records(codeGuesses),
    secretKey: 'a secret key of thirty-two characters',
    zone: 'Asia/Kolkata',
  });
  const as = (actor: Actor, given: Partial<Ctx> = {}): Ctx => testCtx({ actor, now: clock.now(), ...given });
  const hire = async (name: string): Promise<Actor> => {
    const actor = { kind: 'person', id: `usr_${name.toLowerCase()}`, name, role: 'manager' } as const;
    const body = {
      name,
      nameKey: name.toLowerCase(),
      role: 'manager',
      status: 'active',
      zone: 'Europe/London',
      language: 'hi',
      invitedBy: 'system',
    } as const;
    await people.scoped('default').insertOnce(actor.id, body, traceOf(testCtx(), { target: actor.id }));
    return actor;
  };
  const stranger = async (account = slackAccount): Promise<Actor> =>
    (await service.principalOf(account)).actor;
  const everything = async (): Promise<string> =>
    JSON.stringify(await store.facts(linkCodes).scoped('default').find({ where: {}, limit: 100 }));
  return { service, people, clock, as, hire, stranger, everything };
}

describe('a chat account', () => {
  it('is a stranger of no rights but to become somebody, whatever it calls itself', async () => {
    const { stranger } = house();
    const actor = await stranger({ ...slackAccount, name: 'Owner' });
    expect(actor).toMatchObject({ kind: 'stranger', id: 'slack:T1/U1' });
    const may = Object.keys(permissions).filter((permission) => mayDo(actor, permission as Permission));
    expect(may).toEqual(['self.manage']);
  });

  it('acts for the person whose code it types, in their role, zone and language', async () => {
    const { service, as, hire, stranger } = house();
    const asha = await hire('Asha');
    const { code } = await service.offer(as(asha));
    const joined = await service.join(as(await stranger()), code.toLowerCase(), false);
    expect(joined).toMatchObject({ kind: 'linked', personName: 'Asha' });
    expect(await service.principalOf(slackAccount)).toMatchObject({
      actor: { kind: 'person', id: asha.id, role: 'manager' },
      zone: 'Europe/London',
      language: 'hi',
    });
    expect(await stranger({ ...slackAccount, account: 'T2/U1' })).toMatchObject({ kind: 'stranger' });
  });

  it('is linked from the person’s side only once they say that it is theirs', async () => {
    const { service, as, hire, stranger } = house();
    const asha = await hire('Asha');
    const { code } = await service.offer(as(await stranger()));
    expect(await service.join(as(asha), code, false)).toMatchObject({
      kind: 'unconfirmed',
      account: 'T1/U1',
    });
    expect(await stranger()).toMatchObject({ kind: 'stranger' });
    expect(await service.join(as(asha), code, true)).toMatchObject({ kind: 'linked' });
    expect(await stranger()).toMatchObject({ kind: 'person', id: asha.id });
  });

  it('that acts for somebody is not taken over by another person', async () => {
    const { service, as, hire, stranger } = house();
    const account = await stranger();
    const [asha, ravi] = [await hire('Asha'), await hire('Ravi')];
    const first = await service.offer(as(asha));
    const second = await service.offer(as(ravi));
    await service.join(as(account), first.code, false);
    await expect(service.join(as(account), second.code, false)).rejects.toMatchObject({
      code: 'record.conflict',
    });
    expect(await stranger()).toMatchObject({ id: asha.id });
  });

  it('is nobody again when it is parted, and when its person leaves the team', async () => {
    const { service, as, hire, stranger, people } = house();
    const asha = await hire('Asha');
    const account = await stranger();
    await service.join(as(account), (await service.offer(as(asha))).code, false);
    await service.part(as(asha), asha.id, 'slack');
    expect(await stranger()).toMatchObject({ kind: 'stranger' });
    await service.join(as(account), (await service.offer(as(asha))).code, false);
    const known = await people.scoped('default').get(asha.id);
    if (!known) throw new Error('Asha is not there');
    await people
      .scoped('default')
      .compareAndSet(known, { status: 'removed' }, traceOf(testCtx(), { target: '' }));
    expect(await stranger()).toMatchObject({ kind: 'stranger' });
  });
});

describe('a link code', () => {
  it('is stored nowhere, and the same for a repeated effect', async () => {
    const { service, as, hire, everything } = house();
    const asha = await hire('Asha');
    const ctx = as(asha);
    const { code } = await service.offer(ctx);
    expect((await service.offer(ctx)).code).toBe(code);
    expect((await service.offer(as(asha))).code).not.toBe(code);
    const stored = await everything();
    expect(stored).not.toContain(code);
    expect(stored).not.toContain(code.replace('-', ''));
  });

  it('works once, for ten minutes; a repeat of the call that used it gives the same outcome', async () => {
    const { service, as, hire, stranger, clock } = house();
    const asha = await hire('Asha');
    const { code } = await service.offer(as(asha));
    const used = as(await stranger());
    await service.join(used, code, false);
    expect(await service.join(used, code, false)).toMatchObject({ kind: 'linked' });
    const other = await stranger({ ...slackAccount, account: 'T1/U9' });
    await expect(service.join(as(other), code, false)).rejects.toMatchObject({ code: 'input.invalid' });
    const late = await service.offer(as(asha));
    clock.advance(10 * 60_000);
    await expect(service.join(as(other), late.code, false)).rejects.toMatchObject({ code: 'input.invalid' });
  });

  it('cannot be guessed: after five wrong ones nothing is heard for 15 minutes, not even the right one', async () => {
    const { service, as, hire, stranger, clock } = house();
    const asha = await hire('Asha');
    const account = await stranger();
    for (let tries = 0; tries < 5; tries += 1)
      await expect(service.join(as(account), `WRNG-AAA${tries}`, false)).rejects.toMatchObject({
        code: 'input.invalid',
      });
    const { code } = await service.offer(as(asha));
    await expect(service.join(as(account), code, false)).rejects.toMatchObject({ code: 'rate.limited' });
    clock.advance(15 * 60_000);
    const fresh = await service.offer(as(asha));
    expect(await service.join(as(account), fresh.code, false)).toMatchObject({ kind: 'linked' });
  });

  it('joins no two people, no two strangers, and no token or operator', async () => {
    const { service, as, hire, stranger } = house();
    const [asha, ravi] = [await hire('Asha'), await hire('Ravi')];
    const ofPerson = await service.offer(as(asha));
    const ofStranger = await service.offer(as(await stranger()));
    const other = await stranger({ ...slackAccount, account: 'T1/U9' });
    await expect(service.join(as(ravi), ofPerson.code, true)).rejects.toMatchObject({
      code: 'record.conflict',
    });
    await expect(service.join(as(other), ofStranger.code, true)).rejects.toMatchObject({
      code: 'record.conflict',
    });
    for (const kind of ['service', 'cli', 'system'] as const) {
      const actor: Actor = { kind, id: `${kind}:1`, name: kind, role: 'owner' };
      await expect(service.offer(as(actor))).rejects.toMatchObject({ code: 'permission.denied' });
      await expect(service.join(as(actor), ofStranger.code, true)).rejects.toMatchObject({
        code: 'permission.denied',
      });
    }
  });
});
