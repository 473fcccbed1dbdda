// Who is behind a chat account: joined with proof from both sides, recognised at every message, parted again.
import { createHmac } from 'node:crypto';
import type { CodeGuess } from '../../../models/code-guess.ts';
import type { Identity } from '../../../models/identity.ts';
import type { LinkCode, LinkSide } from '../../../models/link-code.ts';
import type { Actor, Principal } from '../../core/actor.ts';
import { changeOnce } from '../../core/change-once.ts';
import type { Ctx } from '../../core/context.ts';
import { AppError } from '../../core/errors.ts';
import { derivedId } from '../../core/ids.ts';
import type { FactCollection, RecordCollection } from '../../core/store.ts';
import { traceOf } from '../../core/trace.ts';
import { createGuesses } from './guesses.ts';
import { digestOfSecret, type PeopleParts, principalOfPerson } from './parts.ts';

const CODE_LASTS_MS = 10 * 60_000;
const CODE_LENGTH = 8;
/** Without 0, 1, I, L and O, which people mix up: 8 of these 31 are about 40 bits. */
const LETTERS = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
const MOST_IDENTITIES = 50;

export interface IdentityParts extends Pick<PeopleParts, 'people' | 'secretKey' | 'zone'> {
  readonly identities: FactCollection<Identity>;
  readonly codes: FactCollection<LinkCode>;
  readonly guesses: RecordCollection<CodeGuess>;
}

/** A platform's account, as its updates prove it. */
export interface Account {
  readonly tenant: string;
  readonly platform: string;
  readonly account: string;
  /** How it calls itself; shown, never trusted. */
  readonly name: string;
}

/** `unconfirmed`: an account that nobody knows would act for the caller from now on; ask them first. */
export type Joined =
  | { readonly kind: 'linked'; readonly identity: Identity; readonly personName: string }
  | {
      readonly kind: 'unconfirmed';
      readonly platform: string;
      readonly account: string;
      readonly name: string;
    };

export type Identities = ReturnType<typeof createIdentities>;

export function createIdentities(parts: IdentityParts) {
  const { people, identities, codes, secretKey, zone } = parts;
  const guesses = createGuesses(parts.guesses);

  /** Who speaks: the person the account is linked to while they are on the team, else a stranger of no rights. */
  async function principalOf(account: Account): Promise<Principal> {
    const { tenant } = account;
    const found = await identities.scoped(tenant).get(identityId(account));
    const person = found?.status === 'linked' ? await people.scoped(tenant).get(found.personId) : null;
    if (person?.status === 'active') return principalOfPerson(person);
    return { tenant, zone, language: 'en', actor: strangerOf(account) };
  }

  /** A code for the caller's own side, the same for the same effect; it works once, for ten minutes. */
  async function offer(ctx: Ctx): Promise<{ readonly code: string; readonly expiresAt: Date }> {
    const side = sideOf(ctx.actor);
    const id = derivedId('lkc', ctx.tenant, ctx.effectKey, ctx.actor.id);
    const code = codeOf(secretKey, id);
    const expiresAt = new Date(ctx.now.getTime() + CODE_LASTS_MS);
    const body = { digest: digestOfSecret(code), side, expiresAt, spentAt: null };
    const { record } = await codes
      .scoped(ctx.tenant)
      .insertOnce(id, body, traceOf(ctx, { target: id, after: { side: side.kind, name: side.name } }));
    return { code: written(code), expiresAt: record.expiresAt };
  }

  /**
   * Joins the caller with the side that the code came from.
   * @throws AppError `input.invalid` for a code that is wrong, spent or old, `record.conflict` when the two sides
   * cannot be one, `rate.limited` after five wrong codes.
   */
  async function join(ctx: Ctx, typed: string, confirmed: boolean): Promise<Joined> {
    await guesses.assertMayGuess(ctx);
    const mine = sideOf(ctx.actor);
    const code = await codeNamed(ctx, typed);
    const { account, personId } = pairOf(mine, code.side);
    if (mine.kind === 'person' && !confirmed)
      return {
        kind: 'unconfirmed',
        platform: account.platform,
        account: account.account,
        name: account.name,
      };
    const person = await people.scoped(ctx.tenant).get(personId);
    if (person?.status !== 'active')
      throw new AppError('record.conflict', 'Whoever made this code is not on the team any more.', {
        inHindi: 'जिन्होंने यह कोड बनाया था, वे अब टीम में नहीं हैं।',
      });
    const identity = await link(ctx, { ...account, tenant: ctx.tenant }, personId);
    await spend(ctx, code);
    return { kind: 'linked', identity, personName: person.name };
  }

  async function codeNamed(ctx: Ctx, typed: string): Promise<LinkCode> {
    const digest = digestOfSecret(typed.toUpperCase().replace(/[^0-9A-Z]/g, ''));
    const [code] = await codes.scoped(ctx.tenant).find({ where: { digest }, limit: 1 });
    const isRepeat = code?.history.some((entry) => entry.effectKey === ctx.effectKey) === true;
    if (code && (isRepeat || (code.spentAt === null && code.expiresAt > ctx.now))) return code;
    await guesses.countWrong(ctx);
    throw new AppError(
      'input.invalid',
      `“${typed.slice(0, 20)}” is no code that works: each works once, for ten minutes. Say /link at the other side for a fresh one.`,
      {
        inHindi: `“${typed.slice(0, 20)}” कोड नहीं चलेगा: हर कोड दस मिनट में एक ही बार चलता है। नए कोड के लिए दूसरी तरफ़ /link लिखें।`,
      },
    );
  }

  async function link(ctx: Ctx, account: Account, personId: string): Promise<Identity> {
    const { platform, account: named, name } = account;
    const scoped = identities.scoped(ctx.tenant);
    const id = identityId(account);
    const linked = { personId, name, status: 'linked', linkedAt: ctx.now } as const;
    const after = { platform, account: named, personId };
    const { inserted, record } = await scoped.insertOnce(
      id,
      { platform, account: named, ...linked },
      traceOf(ctx, { target: id, after }),
    );
    if (inserted) return record;
    const changed = await changeOnce(scoped, id, ctx.effectKey, (current) => {
      if (current.status === 'linked' && current.personId === personId) return null;
      if (current.status === 'linked')
        throw new AppError(
          'record.conflict',
          'This account acts for somebody else on the team. They, or an admin, can part it first: /unlink.',
          { inHindi: 'यह खाता टीम में किसी और की ओर से काम करता है। पहले वे, या कोई admin, इसे अलग करें: /unlink' },
        );
      return { change: linked, trace: traceOf(ctx, { target: id, after }) };
    });
    return changed.record;
  }

  async function spend(ctx: Ctx, code: LinkCode): Promise<void> {
    await changeOnce(codes.scoped(ctx.tenant), code._id, ctx.effectKey, () => ({
      change: { spentAt: ctx.now },
      trace: traceOf(ctx, { target: code._id, after: { spentAt: ctx.now } }),
    }));
  }

  /** The accounts that act for a person. */
  function of(ctx: Ctx, personId: string): Promise<Identity[]> {
    const where = { personId, status: 'linked' };
    return identities.scoped(ctx.tenant).find({ where, sort: [['linkedAt', 1]], limit: MOST_IDENTITIES });
  }

  /** Parts an account from its person. @throws AppError `record.not_found` when it is not one of theirs. */
  async function part(ctx: Ctx, personId: string, named: string): Promise<Identity> {
    const found = (await of(ctx, personId)).find(({ _id, platform, account }) =>
      [_id, account, platform, `${platform}:${account}`].includes(named),
    );
    if (!found)
      throw new AppError('record.not_found', `No account “${named}” is linked; /me shows those that are.`, {
        inHindi: `“${named}” नाम का कोई खाता जुड़ा नहीं है; जुड़े खाते /me में दिखते हैं।`,
      });
    const { record } = await changeOnce(identities.scoped(ctx.tenant), found._id, ctx.effectKey, () => ({
      change: { status: 'unlinked' as const },
      trace: traceOf(ctx, { target: found._id, before: { personId }, after: { status: 'unlinked' } }),
    }));
    return record;
  }

  return { principalOf, offer, join, of, part };
}

const identityId = ({ tenant, platform, account }: Omit<Account, 'name'>): string =>
  derivedId('idn', tenant, platform, account);

function strangerOf({ platform, account, name }: Account): Actor {
  return {
    kind: 'stranger',
    id: `${platform}:${account}`,
    name: name.slice(0, 80) || account,
    role: 'viewer',
  };
}

/** @throws AppError `permission.denied` for those who are nobody's account and no person. */
function sideOf(actor: Actor): LinkSide {
  const { kind, id, name } = actor;
  if (kind === 'person') return { kind, personId: id, name };
  if (kind === 'stranger') {
    const colon = id.indexOf(':');
    return { kind: 'account', platform: id.slice(0, colon), account: id.slice(colon + 1), name };
  }
  throw new AppError(
    'permission.denied',
    'Accounts are linked to people. Sign in as yourself, in the console or a linked chat, and say /link there.',
  );
}

/** @throws AppError `record.conflict` when both sides are of a kind. */
function pairOf(mine: LinkSide, theirs: LinkSide) {
  if (mine.kind === 'account' && theirs.kind === 'person')
    return { account: mine, personId: theirs.personId };
  if (mine.kind === 'person' && theirs.kind === 'account')
    return { account: theirs, personId: mine.personId };
  throw new AppError(
    'record.conflict',
    mine.kind === 'person'
      ? 'This code was made by somebody who is on the team already: there is nothing to join. Make it in the chat account that is not known here yet.'
      : 'This code was made by another account that is not known here. Make one where you are signed in: say /link in the console.',
    {
      inHindi:
        'यह कोड टीम में पहले से शामिल किसी व्यक्ति ने बनाया है: जोड़ने को कुछ नहीं है। कोड उस चैट खाते में बनाएँ जो यहाँ अभी जुड़ा नहीं है।',
    },
  );
}

/** Only a holder of the secret key can compute the code of an id. */
function codeOf(secretKey: string, id: string): string {
  const bytes = createHmac('sha256', secretKey).update(`chat-link:${id}`).digest();
  let number = bytes.readBigUInt64BE();
  let code = '';
  for (let at = 0; at < CODE_LENGTH; at += 1) {
    code += LETTERS[Number(number % BigInt(LETTERS.length))];
    number /= BigInt(LETTERS.length);
  }
  return code;
}

const written = (code: string): string => `${code.slice(0, 4)}-${code.slice(4)}`;
