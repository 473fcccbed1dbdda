// Rooms of Slack as destinations: how they are named, which of them the tenant's business may be read in.
import type { Place } from '../../src/core/outbox-item.ts';
import type { Directory } from './people.ts';

export const SLACK = 'slack';

/** The workspace of the token, whose id is known only once Slack was asked: announcements need not wait for that. */
const HOME = 'home';

/** The room of announcements that the operator named, as a destination. */
export const homeRoom = (channel: string): string => `${SLACK}:${HOME}/${channel}`;

/** The same for every name of a channel: no two workspaces have a channel of one id. */
export const placeOf = (room: string): string => `${SLACK}:${room.slice(room.lastIndexOf('/') + 1)}`;

/** Private channels of the app and one person, or of a few people. */
export const isDirect = (channel: string): boolean => channel.startsWith('D');

/** Rooms of several people; addresses may also name a person. */
export const isChannel = (channel: string): boolean => /^[CG]/.test(channel);

export interface Places {
  /** The destination of a channel; each has one name. */
  roomOf(team: string, channel: string): string;
  /** Whether answers may be read there: bound to the tenant, joined by the app, and not shared with others. */
  isOpen(tenant: string, team: string, channel: string): Promise<boolean>;
}

export function createPlaces(options: {
  readonly homeChannel: string | undefined;
  readonly isBound: (tenant: string, room: string) => Promise<boolean>;
  readonly directory: Pick<Directory, 'room'>;
}): Places {
  const { homeChannel, isBound, directory } = options;
  const roomOf = (team: string, channel: string): string =>
    channel === homeChannel ? homeRoom(channel) : `${SLACK}:${team}/${channel}`;
  return {
    roomOf,
    async isOpen(tenant, team, channel) {
      if (isDirect(channel) || !(await isBound(tenant, roomOf(team, channel)))) return false;
      // What cannot be asked is taken for closed: then the answer is for the asker alone.
      const room = await directory.room(channel).catch(() => null);
      return room?.joined === true && !room.shared;
    },
  };
}

/**
 * The channel or person that an address such as `T1/C1` names; null when it is of another workspace.
 * @param team the workspace of the token, where it is known.
 */
export function channelOf(address: string, team: string | undefined): string | null {
  const [workspace, channel, ...rest] = address.split('/');
  if (!workspace || !channel || rest.length > 0) return null;
  return workspace === HOME || team === undefined || workspace === team ? channel : null;
}

/** What passes: a form that is open, and the address that takes answers where the app is no member. */
export interface Handle {
  readonly view?: string | undefined;
  readonly answerUrl?: string | undefined;
}

const VIEW = 'view:';

export function handleOf({ view, answerUrl }: Handle): Place {
  const parts = [view === undefined ? '' : VIEW + view, answerUrl ?? ''].filter((part) => part !== '');
  return parts.length === 0 ? {} : { handle: parts.join(' ') };
}

export function readHandle(place: Place | undefined): Handle {
  const parts = place?.handle?.split(' ') ?? [];
  return {
    view: parts.find((part) => part.startsWith(VIEW))?.slice(VIEW.length),
    answerUrl: parts.find((part) => !part.startsWith(VIEW)),
  };
}
