// The rules of the team: who is on it, who may change whose role, and that an owner always remains.
import type { Person } from '../../../models/person.ts';
import type { Actor } from '../../core/actor.ts';
import { changeOnce } from '../../core/change-once.ts';
import type { Ctx } from '../../core/context.ts';
import { AppError } from '../../core/errors.ts';
import { derivedId } from '../../core/ids.ts';
import type { Role } from '../../core/permissions.ts';
import type { Body, Facts } from '../../core/store.ts';
import { traceOf } from '../../core/trace.ts';
import { assertMayGrant, assertMayManage, nameKeyOf, type PeopleParts } from './parts.ts';

const MOST_PEOPLE = 500;
const MAX_TRIES = 20;

export type Team = ReturnType<typeof createTeam>;

export function createTeam({ people, clock, zone }: Pick<PeopleParts, 'people' | 'clock' | 'zone'>) {
  const of = (ctx: Ctx): Facts<Person> => people.scoped(ctx.tenant);

  /** Everybody on the team, by name. */
  function list(ctx: Ctx): Promise<Person[]> {
    return of(ctx).find({ where: { status: 'active' }, sort: [['nameKey', 1]], limit: MOST_PEOPLE });
  }

  /** Puts somebody on the team. @throws AppError `record.conflict` when the name is taken. */
  async function add(ctx: Ctx, name: string, role: Role): Promise<Person> {
    assertMayGrant(ctx.actor, role);
    const id = derivedId('usr', ctx.tenant, ctx.effectKey);
    const known = await of(ctx).get(id);
    if (known) return known;
    const nameKey = nameKeyOf(name);
    const [namesake] = await of(ctx).find({ where: { nameKey, status: 'active' }, limit: 1 });
    if (namesake)
      throw new AppError(
        'record.conflict',
        `“${namesake.name}” is on the team already, as ${namesake.role} (${namesake._id}). Add a surname.`,
        { inHindi: `“${namesake.name}” पहले से टीम में हैं (${namesake.role}, ${namesake._id})। उपनाम भी लिखें।` },
      );
    const body = {
      name,
      nameKey,
      role,
      status: 'active',
      zone,
      language: 'en',
      invitedBy: ctx.actor.id,
    } as const;
    const { record } = await of(ctx).insertOnce(
      id,
      body,
      traceOf(ctx, { target: id, after: { name, role } }),
    );
    return record;
  }

  /** Changes a role. @throws AppError `permission.denied` above one's own role, `record.conflict` for the last owner. */
  async function setRole(ctx: Ctx, who: string, role: Role): Promise<Person> {
    assertMayGrant(ctx.actor, role);
    return await move(ctx, who, (person) => (person.role === role ? null : { role }));
  }

  /** Takes somebody off the team: their sessions and tokens end with the next request. */
  async function remove(ctx: Ctx, who: string): Promise<Person> {
    return await move(ctx, who, () => ({ status: 'removed' }));
  }

  /**
   * Two owners who remove each other at once must not both succeed, and no write covers two people. So the
   * owner who stays is written first: of two such changes, one finds its own target changed and looks again.
   */
  async function move(ctx: Ctx, who: string, decide: (person: Person) => Change | null): Promise<Person> {
    for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
      const person = await locate(ctx, who);
      if (person.history.some((entry) => entry.effectKey === ctx.effectKey)) return person;
      assertMayManage(ctx.actor, person);
      const change = decide(person);
      if (!change) return person;
      const stays = person.role !== 'owner' || (await holdAnotherOwner(ctx, person));
      const before = { role: person.role, status: person.status };
      const trace = traceOf(ctx, { target: person._id, before, after: { ...before, ...change } });
      const changed = stays && (await of(ctx).compareAndSet(person, change, trace));
      if (changed) return changed;
      await clock.sleep((person._id.charCodeAt(person._id.length - 1) % 8) * tries);
    }
    throw new AppError('record.busy', `“${who}” is being changed by others right now; try again.`);
  }

  /** False when the owner who was to stay was changed at the same moment. */
  async function holdAnotherOwner(ctx: Ctx, leaving: Person): Promise<boolean> {
    const owners = await of(ctx).find({ where: { role: 'owner', status: 'active' }, limit: MOST_PEOPLE });
    const staying = owners.find((owner) => owner._id !== leaving._id);
    if (!staying)
      throw new AppError(
        'record.conflict',
        `${leaving.name} is the last owner. Make somebody else an owner first: team role <name> owner`,
        {
          inHindi: `${leaving.name} आख़िरी owner हैं। पहले किसी और को owner बनाएँ: team role <name> owner`,
        },
      );
    const { history } = traceOf(ctx, { target: staying._id });
    const held = { history: { ...history, effectKey: `${ctx.effectKey}:stays` }, items: [] };
    return (await of(ctx).compareAndSet(staying, { status: 'active' }, held)) !== null;
  }

  /** Somebody by id, by name, or `me`. A repeat of the call that removed somebody still finds them. */
  async function locate(ctx: Ctx, who: string): Promise<Person> {
    const wanted = who === 'me' ? ctx.actor.id : who;
    const byId = await of(ctx).get(wanted);
    if (byId && (byId.status === 'active' || isRepeat(byId, ctx))) return byId;
    const named = await of(ctx).find({ where: { nameKey: nameKeyOf(wanted) }, limit: MOST_PEOPLE });
    const repeated = named.find((person) => isRepeat(person, ctx));
    const active = named.filter((person) => person.status === 'active');
    const [only, second] = repeated ? [repeated] : active;
    if (second)
      throw new AppError(
        'record.conflict',
        `Several people are called “${who}”; say which: ${active.map((person) => person._id).join(', ')}`,
        {
          inHindi: `“${who}” नाम के कई लोग हैं; बताएँ कौन: ${active.map((person) => person._id).join(', ')}`,
        },
      );
    if (!only)
      throw new AppError(
        'record.not_found',
        `Nobody called “${who}” is on the team. This names all: team list`,
        { inHindi: `टीम में “${who}” नाम का कोई नहीं है। सबके नाम देखने के लिए लिखें: team list` },
      );
    return only;
  }

  /** Changes how a person is spoken to. */
  async function setOwn(ctx: Ctx, personId: string, wish: Partial<Wish>): Promise<Person> {
    const { record } = await changeOnce(of(ctx), personId, ctx.effectKey, ({ language, zone: known }) => ({
      change: wish,
      trace: traceOf(ctx, { target: personId, before: { language, zone: known }, after: { ...wish } }),
    }));
    return record;
  }

  return { list, add, setRole, remove, locate, setOwn };
}

type Wish = Pick<Body<Person>, 'language' | 'zone'>;
type Change = Partial<Pick<Body<Person>, 'role' | 'status'>>;

const isRepeat = (person: Person, ctx: Ctx): boolean =>
  person.history.some((entry) => entry.effectKey === ctx.effectKey);

/** Whether this is the actor's own record: a session or a token of theirs. */
export const isSelf = (actor: Actor, person: Person): boolean =>
  actor.kind === 'person' && actor.id === person._id;
