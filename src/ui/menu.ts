// The left rail as data: its sections in their order, and the entries that one person may open.
import { holds, type Permission, type Role } from '../core/permissions.ts';
import type { IconName } from './icons.tsx';

/** The order of the rail: the room itself, the protocol and its money, what grows, what is told, what runs it. */
export const menuSections = ['Room', 'Protocol', 'Growth', 'Reports', 'System'] as const;
export type MenuSection = (typeof menuSections)[number];

/** Where a page stands in the rail. */
export interface MenuPlace {
  readonly section: MenuSection;
  readonly label: string;
  /** The lesser stands higher within its section. */
  readonly order: number;
  readonly icon?: IconName;
}

export interface MenuEntry extends MenuPlace {
  readonly path: string;
  /** How much waits for this person there; 0 shows nothing. */
  readonly waiting: number;
}

interface Listed {
  readonly path: string;
  readonly permission: Permission;
  readonly menu?: MenuPlace | undefined;
}

/** The entries that this role may open, in the order of the rail; `waiting` counts by path. */
export function menuOf(
  pages: readonly Listed[],
  role: Role,
  waiting: ReadonlyMap<string, number> = new Map(),
): readonly MenuEntry[] {
  return pages
    .flatMap(({ path, permission, menu }) =>
      menu && holds(role, permission) ? [{ ...menu, path, waiting: waiting.get(path) ?? 0 }] : [],
    )
    .sort((a, b) => rank(a) - rank(b) || a.order - b.order || a.label.localeCompare(b.label));
}

const rank = (place: MenuPlace): number => menuSections.indexOf(place.section);
