// Every operation × who asks × door, at the one way in: roles, strangers, leavers, tokens, and every trick of identity.
import { beforeAll, describe, expect, it } from 'vitest';
import { apiTokens } from '../../models/api-token.ts';
import { codeGuesses } from '../../models/code-guess.ts';
import { identities as identityDefinition } from '../../models/identity.ts';
import { linkCodes } from '../../models/link-code.ts';
import { createMemoryStore } from '../../models/memory-store.ts';
import { people as peopleDefinition } from '../../models/person.ts';
import { signIns } from '../../models/sign-in.ts';
import { signInLinks } from '../../models/sign-in-link.ts';
import { type Actor, doors, type Principal, systemActor } from '../../src/core/actor.ts';
import { createDispatcher } from '../../src/core/dispatcher.ts';
import { toAppError } from '../../src/core/errors.ts';
import { createIds } from '../../src/core/ids.ts';
import type { Operation } from '../../src/core/operation.ts';
import type { AuditEntry } from '../../src/core/outbox-item.ts';
import { type Permission, permissions, type Role, roles } from '../../src/core/permissions.ts';
import { reply } from '../../src/core/reply.ts';
import { createIdentities } from '../../src/features/people/identities.ts';
import { createPeople } from '../../src/features/people/service.ts';
import { operations as declared } from '../../src/features.ts';
import type { Services } from '../../src/services.ts';
import { testCtx } from '../support/context.ts';
import { setMember } from '../support/members.ts';
import { createSteppingClock } from '../support/stepping-clock.ts';
import { hireInto, joinAccount, removeFrom } from '../support/talkers/team.ts';

const SECRET_KEY = 'a secret key of thirty-two characters';
const store = createMemoryStore();
const clock = createSteppingClock();
const identities = createIdentities({
  people: store.facts(peopleDefinition),
  identities: store.facts(identityDefinition),
  codes: store.facts(linkCodes),
  guesses: store.records(codeGuesses),
  secretKey: SECRET_KEY,
  zone: 'Asia/Kolkata',
});
const people = createPeople({
  people: store.facts(peopleDefinition),
  links: store.facts(signInLinks),
  tokens: store.facts(apiTokens),
  signIns: store.facts(signIns),
  secretKey: SECRET_KEY,
  publicUrl: () => 'http://127.0.0.1:3000',
  zone: 'Asia/Kolkata',
  clock,
  ids: createIds(),
});
const operator: Actor = { kind: 'cli', id: 'cli:tester', name: 'tester', role: 'owner' };

const denials: (AuditEntry & { readonly tenant: string })[] = [];
const ran: { readonly operation: string; readonly tenant: string }[] = [];

/** The product's declarations, their work replaced by a note that it was reached. */
const operations = declared.map(
  (operation): Operation<Services> => ({
    ...operation,
    execute: async ({ tenant }) => {
      ran.push({ operation: operation.name, tenant });
      return { output: {}, reply: reply('done') };
    },
  }),
);
const dispatcher = createDispatcher({
  operations,
  // None is ever reached.
  services: {} as Services,
  auditDirectly: async (tenant, _at, entry) => {
    if (entry.outcome === 'denied') denials.push({ ...entry, tenant });
  },
  desk: {
    open: async ({ tenant, operation }) => {
      ran.push({ operation, tenant });
      throw new Error('opened');
    },
  },
});

/** `closed`: nothing but what strangers may. A role is what its holders may; services never decide. */
type Reach = { readonly role: Role; readonly isService?: true } | 'closed';

/** Written down once more, by hand: what only people decide, and what an unknown account may. */
const FOR_PEOPLE_ALONE: readonly Permission[] = ['approval.vote', 'experiment.approve'];
const FOR_STRANGERS: readonly Permission[] = ['self.manage'];

function isOpen(reach: Reach, permission: Permission): boolean {
  if (reach === 'closed') return FOR_STRANGERS.includes(permission);
  if (reach.isService && FOR_PEOPLE_ALONE.includes(permission)) return false;
  return roles.indexOf(reach.role) >= roles.indexOf(permissions[permission].role);
}

const asked = new Map<string, { readonly principal: Principal; readonly reach: Reach }>();
const unrecognised = new Map<string, unknown>();
let calls = 0;

const seenAs = (platform: string, account: string, name = 'Asha (owner)', tenant = 'default') =>
  identities.principalOf({ tenant, platform, account, name });

async function owner(name: string, account: string): Promise<Principal> {
  const person = await hireInto(store, name, 'owner');
  await joinAccount(identities, clock.now(), { platform: 'slack', account, name }, person);
  return person;
}

beforeAll(async () => {
  const closed = (name: string, principal: Principal) => asked.set(name, { principal, reach: 'closed' });
  for (const role of roles) {
    const principal = await hireInto(store, `The${role}`, role);
    asked.set(`the ${role}`, { principal, reach: { role } });
    const ctx = testCtx({ actor: operator, now: clock.now() });
    const own = await people.createToken(ctx, { user: principal.actor.id, days: 30 });
    const byToken = await people.authenticateToken(own.text);
    if (byToken) asked.set(`the token of the ${role}`, { principal: byToken, reach: { role } });
    const service = await people.createToken(testCtx({ actor: operator, now: clock.now() }), {
      role,
      days: 30,
    });
    const asService = await people.authenticateToken(service.text);
    if (asService)
      asked.set(`a service with the role ${role}`, {
        principal: asService,
        reach: { role, isService: true },
      });
  }
  const common = { tenant: 'default', zone: 'Asia/Kolkata', language: 'en' } as const;
  asked.set('the protocol itself', {
    principal: { ...common, actor: systemActor },
    reach: { role: 'owner' },
  });
  await tricks(closed);
});

async function tricks(closed: (name: string, principal: Principal) => void): Promise<void> {
  const asha = await owner('Asha', 'T1/U1');
  asked.set('an owner by their Slack account', {
    principal: await seenAs('slack', 'T1/U1'),
    reach: { role: 'owner' },
  });
  closed('an account that nobody linked', await seenAs('telegram', '4711'));
  closed('an account that calls itself by an owner’s name', await seenAs('slack', 'T1/U2', 'Asha'));
  closed('an account whose number begins like an owner’s', await seenAs('slack', 'T1/U10'));
  closed('the same user of another workspace', await seenAs('slack', 'T2/U1'));
  closed('the same account name on another platform', await seenAs('telegram', 'T1/U1'));
  closed('an owner’s own id in place of an account', await seenAs('slack', asha.actor.id));
  closed('an owner’s account, asked of another tenant', await seenAs('slack', 'T1/U1', 'Asha', 'other'));

  const ravi = await owner('Ravi', 'T1/U20');
  await removeFrom(store, ravi);
  closed('the account of an owner who was taken off the team', await seenAs('slack', 'T1/U20'));
  const mina = await owner('Mina', 'T1/U30');
  await identities.part(testCtx({ actor: mina.actor, now: clock.now() }), mina.actor.id, 'slack');
  closed('an account that was parted from its owner', await seenAs('slack', 'T1/U30'));

  const elsewhere = { id: 'usr_elsewhere', name: 'Elsewhere', role: 'owner' as const };
  await setMember(store, elsewhere, 'active', 'other');
  const tara = await owner('Tara', 'T1/U40');
  const ctx = testCtx({ actor: operator, now: clock.now() });
  const token = await people.createToken(ctx, { user: tara.actor.id, days: 30 });
  await removeFrom(store, tara);
  unrecognised.set('the token of an owner who left', await people.authenticateToken(token.text));
  const service = await people.createToken(testCtx({ actor: operator, now: clock.now() }), {
    role: 'owner',
    days: 1,
  });
  await people.revokeToken(testCtx({ actor: operator, now: clock.now() }), service.token._id);
  unrecognised.set('a token that was revoked', await people.authenticateToken(service.text));
  const short = await people.createToken(testCtx({ actor: operator, now: clock.now() }), {
    role: 'owner',
    days: 1,
  });
  clock.pass(25 * 3_600_000);
  unrecognised.set('a token that has run out', await people.authenticateToken(short.text));
  unrecognised.set('a token that was made up', await people.authenticateToken(`wr_${'A'.repeat(43)}`));
}

async function isLetIn(
  { tenant, actor, zone, language }: Principal,
  operation: string,
  door: (typeof doors)[number],
) {
  calls += 1;
  const ctx = { tenant, actor, zone, language, door, now: clock.now() };
  const key = `call ${calls}`;
  try {
    await dispatcher.run({ operation, raw: {}, ctx: { ...ctx, effectKey: key, requestId: key } });
    return true;
  } catch (thrown) {
    return toAppError(thrown).code !== 'permission.denied';
  }
}

describe('the authorisation matrix', () => {
  it('is decided by the permission table alone, whoever asks through whichever door', async () => {
    expect(asked.size).toBeGreaterThan(25);
    const wrong: string[] = [];
    for (const [who, { principal, reach }] of asked)
      for (const { name, permission } of operations)
        for (const door of doors) {
          const [before, runs] = [denials.length, ran.length];
          const open = isOpen(reach, permission);
          const letIn = await isLetIn(principal, name, door);
          const audited = denials.slice(before);
          const fits =
            letIn === open &&
            audited.length === (open ? 0 : 1) &&
            (open || ran.length === runs) &&
            audited.every((row) => row.operation === name && row.door === door);
          if (!fits) wrong.push(`${who}: ${name} at ${door}: let in ${letIn}, ${audited.length} rows`);
        }
    expect(wrong).toEqual([]);
  });

  it('does not know what has run out, was taken back or made up', () => {
    expect([...unrecognised]).toEqual([...unrecognised.keys()].map((who) => [who, null]));
    expect(unrecognised.size).toBe(4);
  });

  it('keeps whoever is let in, and what is refused, within their own tenant', async () => {
    const actor: Actor = { kind: 'person', id: 'usr_elsewhere', name: 'Elsewhere', role: 'manager' };
    const principal: Principal = { tenant: 'other', actor, zone: 'Asia/Kolkata', language: 'en' };
    const [before, runs] = [denials.length, ran.length];
    for (const { name } of operations) await isLetIn(principal, name, 'slack');
    expect(denials.length).toBeGreaterThan(before);
    expect(ran.length).toBeGreaterThan(runs);
    expect(new Set([...denials.slice(before), ...ran.slice(runs)].map(({ tenant }) => tenant))).toEqual(
      new Set(['other']),
    );
  });

  it('offers people exactly what they are let in to', () => {
    for (const [who, { principal, reach }] of asked)
      expect(
        dispatcher.allowedTo(principal.actor).map(({ name }) => name),
        who,
      ).toEqual(operations.filter(({ permission }) => isOpen(reach, permission)).map(({ name }) => name));
  });

  it('tells a stranger the same of every verb, and no name of any', async () => {
    const stranger = asked.get('an account that nobody linked')?.principal;
    const said = new Set<string>();
    for (const { name, permission } of operations) {
      if (!stranger || FOR_STRANGERS.includes(permission)) continue;
      const ctx = {
        ...stranger,
        door: 'telegram' as const,
        now: clock.now(),
        effectKey: name,
        requestId: name,
      };
      await dispatcher.run({ operation: name, raw: {}, ctx }).catch((thrown: unknown) => {
        said.add(toAppError(thrown).publicMessage);
      });
    }
    expect(said.size).toBe(1);
  });
});
