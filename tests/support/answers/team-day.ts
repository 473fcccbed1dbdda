// A day of the team: who is on it, how they come in, what they are joined with, and what they are called about.
import { joinAccount } from '../talkers/team.ts';
import { type Desk, firstOf, textOf } from './desk.ts';

/** Longer than a group of alerts waits for more of them. */
const CARD_WAIT_MS = 31_000;

export async function peopleDay({ says, program, clock, meera, ravi }: Desk): Promise<void> {
  const { identities, people } = program.services;
  await says('me.show');
  const account = { platform: 'telegram', account: '4711', name: 'Meera' };
  await joinAccount(identities, clock.now(), account, meera);
  await says('me.show');
  await says('me.unlink', { account: 'telegram' });
  await says('me.link');
  const other = { tenant: 'default', platform: 'slack', account: 'T1/U7', name: 'Meera' };
  const stranger = await identities.principalOf(other);
  const { code } = await says('me.link', {}, { by: stranger.actor, door: 'slack' });
  await says('me.link', { code });
  await says('me.link', { code, confirm: true });
  await says('session.list');
  const link = textOf(await says('me.login'), 'link');
  await people.consumeLink(link.split('/login/')[1] ?? '', { requestId: 'req_in', browser: 'Firefox' });
  await says('session.revoke', { session: firstOf(await says('session.list'), 'sessions', 'id') });
  await says('me.set', { language: meera.language, zone: 'Asia/Kolkata' });
  await says('team.list');
  await says('team.invite', { name: 'Kabir' });
  await says('team.invite', { name: 'Zoya', role: 'viewer', email: 'zoya@example.com' });
  await says('team.link', { person: 'Kabir' });
  await says('team.role', { person: 'Asha', role: 'user' });
  await says('team.role', { person: 'Asha', role: 'manager' });
  await says('team.remove', { person: 'Zoya' });
  await says('token.list');
  await says('token.create', { user: 'me', name: 'laptop' }, { by: ravi.actor });
  const made = await says('token.create', { role: 'viewer', name: 'n8n' });
  await says('token.list');
  await says('token.revoke', { token: textOf(made, 'id') });
}

export async function alertsDay({ says, ravi, program, clock }: Desk): Promise<void> {
  await says('alert.list');
  await says('alert.policy', { order: ['Meera', 'Ravi'] });
  await says('alert.policy', { quiet: '22:00-08:00' });
  const trouble = { title: 'Vouchers run out', group: 'vouchers', severity: 'critical' };
  await says('alert.raise', trouble);
  await says('alert.raise', trouble);
  await says('alert.raise', { title: 'The printer is slow', group: 'printer' });
  await program.services.alerts.drain();
  clock.pass(CARD_WAIT_MS);
  await program.services.alerts.drain();
  await says('alert.list');
  const vouchers = { alert: 'vouchers' };
  await says('alert.show', vouchers);
  await says('alert.acknowledge', vouchers);
  await says('alert.assign', vouchers);
  await says('alert.assign', { ...vouchers, to: ravi.actor.name });
  await says('alert.silence', { ...vouchers, for: '4h' });
  await says('alert.unsilence', vouchers);
  await says('alert.resolve', { ...vouchers, reason: 'Bought some more of them' });
  await says('alert.list', { view: 'over' });
}
