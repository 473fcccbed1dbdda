// The mail that brings somebody their first sign-in link; the link lies sealed until it is sent.
import type { Person } from '../../../models/person.ts';
import type { Ctx } from '../../core/context.ts';
import { MAIL_SEALING, mailSealingPlace, mailTo } from '../../core/mail.ts';
import type { OutboxContent } from '../../core/outbox-item.ts';
import { createSealer } from '../../core/sealed-text.ts';
import type { IssuedLink } from './links.ts';
import type { PeopleParts } from './parts.ts';

export type WriteInvitation = (ctx: Ctx, address: string, person: Person, link: IssuedLink) => OutboxContent;

/** What is written with the link leaves once, however often the invitation is repeated. */
export function createInvitations({
  secretKey,
  ids,
}: Pick<PeopleParts, 'secretKey' | 'ids'>): WriteInvitation {
  const sealer = createSealer({ secretKey, purpose: MAIL_SEALING, ids });
  return (ctx, address, { name, role, language }, link) =>
    mailTo(address, {
      template: 'invitation',
      category: 'transactional',
      language,
      props: {
        name,
        role,
        inviter: ctx.actor.name,
        expiresAt: link.expiresAt.toISOString(),
        zone: ctx.zone,
      },
      sealed: { link: sealer.seal(link.url, mailSealingPlace(ctx.tenant, address)) },
    });
}
