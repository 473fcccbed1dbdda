// Somebody is invited by mail: the link arrives once, works, and lies open nowhere.
import { expect, it } from 'vitest';
import { apiTokens } from '../../models/api-token.ts';
import { people } from '../../models/person.ts';
import { signIns } from '../../models/sign-in.ts';
import { signInLinks } from '../../models/sign-in-link.ts';
import { createIds } from '../../src/core/ids.ts';
import { createPeople } from '../../src/features/people/service.ts';
import { fakeResend } from '../support/fakes/resend.ts';
import { operator } from '../support/web-world.ts';
import { ASHA, mailWorld } from './support.ts';

it('an invitation with an address is mailed once, with a link that lets in and is stored nowhere', async () => {
  const fake = await fakeResend();
  const world = mailWorld({ resend: fake });
  const { store, clock } = world;
  const links = store.facts(signInLinks);
  const service = createPeople({
    people: store.facts(people),
    links,
    tokens: store.facts(apiTokens),
    signIns: store.facts(signIns),
    secretKey: 'a secret key of thirty-two characters',
    publicUrl: () => 'https://ops.example.com',
    zone: 'Asia/Kolkata',
    ids: createIds(),
    clock,
  });
  const ctx = world.ctx({ actor: operator, door: 'cli' });
  await service.invite(ctx, 'Asha', 'manager', ASHA);
  const { link } = await service.invite(ctx, 'Asha', 'manager', ASHA);
  const outbox = world.process({ facts: [links, store.facts(people)] });
  const before = JSON.stringify(await links.scoped('default').find({ where: {}, limit: 10 }));
  await outbox.drain();

  expect(fake.mails).toHaveLength(1);
  expect(fake.mails[0]).toMatchObject({ to: [ASHA], subject: 'tester invites you to Wardroom' });
  expect(fake.mails[0]?.text).toContain(link.url);
  const [code = ''] = link.url.split('/login/').slice(1);
  const kept = [
    before,
    await world.logs(),
    await world.rows.find({ where: {}, limit: 10 }),
    [...world.auditRows],
  ];
  expect(JSON.stringify(kept)).not.toContain(code);
  expect(await service.readLink(code)).toMatchObject({ firstOwner: false });
  expect(await world.logs()).toMatchObject([{ template: 'invitation', keptBack: true, state: 'sent' }]);
  await fake.close();
});

it('an invitation without an address is mailed to nobody', async () => {
  const world = mailWorld();
  const { store, clock } = world;
  const links = store.facts(signInLinks);
  const parts = {
    people: store.facts(people),
    links,
    tokens: store.facts(apiTokens),
    signIns: store.facts(signIns),
  };
  const secretKey = 'a secret key of thirty-two characters';
  const publicUrl = () => 'https://ops.example.com';
  const service = createPeople({ ...parts, secretKey, publicUrl, zone: 'UTC', ids: createIds(), clock });
  await service.invite(world.ctx({ actor: operator }), 'Asha', 'user');
  await world.process({ facts: [links] }).drain();

  expect(await world.rows.count({})).toBe(0);
});
