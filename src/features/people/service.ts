// People: the team, its sign-in links, sessions and tokens, put together into one service.
import type { Person } from '../../../models/person.ts';
import type { Ctx } from '../../core/context.ts';
import { AppError } from '../../core/errors.ts';
import type { Role } from '../../core/permissions.ts';
import { createLinks, type IssuedLink } from './links.ts';
import { assertMayManage, type PeopleParts } from './parts.ts';
import { createSignIns } from './sign-ins.ts';
import { createTeam, isSelf } from './team.ts';
import { createTokens } from './tokens.ts';

export type { IssuedLink } from './links.ts';
export type { PeopleParts } from './parts.ts';

export type People = ReturnType<typeof createPeople>;

/** The service of people over its collections; look-ups of codes and tokens go by digest alone. */
export function createPeople(parts: PeopleParts) {
  const team = createTeam(parts);
  const links = createLinks(parts);
  const signIns = createSignIns(parts, links);
  const tokens = createTokens(parts, team, signIns.principalOf);

  /** Puts somebody on the team and makes their first sign-in link, which is mailed where an address is given. */
  async function invite(
    ctx: Ctx,
    name: string,
    role: Role,
    mail?: string,
  ): Promise<{ readonly person: Person; readonly link: IssuedLink }> {
    const person = await team.add(ctx, name, role);
    return { person, link: await links.createLink(ctx, person, mail) };
  }

  /** A new link for oneself, for somebody who never signed in, or, by the operator, for anybody. */
  async function relink(
    ctx: Ctx,
    who: string,
  ): Promise<{ readonly person: Person; readonly link: IssuedLink }> {
    const person = await team.locate(ctx, who);
    assertMayManage(ctx.actor, person);
    const asIs = ctx.actor.kind === 'cli' || isSelf(ctx.actor, person);
    if (!asIs && (await hasSignedIn(person)))
      throw new AppError(
        'permission.denied',
        `${person.name} has signed in before, so a new link could be used in their name. ` +
          `They can make one themselves, or the operator can: npm run cli -- user link ${person._id}`,
        {
          inHindi: `${person.name} पहले साइन इन कर चुके हैं, इसलिए नए लिंक से कोई उनके नाम से काम कर सकता है। लिंक वे ख़ुद बना सकते हैं।`,
        },
      );
    return { person, link: await links.createLink(ctx, person) };
  }

  async function hasSignedIn(person: Person): Promise<boolean> {
    return (await parts.signIns.scoped(person.tenant).count({ personId: person._id })) > 0;
  }

  const { list, setRole, remove, locate, setOwn } = team;
  const { createLink, ensureOwnerLink } = links;
  return {
    list,
    setRole,
    remove,
    locate,
    setOwn,
    invite,
    relink,
    createLink,
    ensureOwnerLink,
    ...signIns,
    ...tokens,
  };
}
