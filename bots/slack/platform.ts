// Slack as one part: what reads its updates, what sends to it, its door, and how well it is connected.
import type { SlackSend } from '../../models/slack-send.ts';
import { type Breather, unhindered } from '../../src/core/breather.ts';
import type { Channel } from '../../src/core/channel.ts';
import type { Clock } from '../../src/core/clock.ts';
import type { Logger } from '../../src/core/logger.ts';
import type { RecordCollection } from '../../src/core/store.ts';
import { svgToPng } from '../../src/ui/png.ts';
import type { ChatActions } from '../actions.ts';
import type { Accounts, Adapter } from '../adapter.ts';
import type { Inbox } from '../inbox.ts';
import { createSlackApi } from './api.ts';
import { createSlackChannel } from './channel.ts';
import { createListener } from './heard.ts';
import { createIntake, type Intake, type Questions } from './intake.ts';
import { createModals } from './modals.ts';
import { createDirectory } from './people.ts';
import { createPictures } from './pictures.ts';
import { createPlaces, SLACK } from './places.ts';
import { createPost } from './post.ts';
import { createReader, type Forms } from './read.ts';
import { createSlackDoor, type SlackDoor } from './receive.ts';
import { createAnswerUrls, type PostJson } from './response.ts';
import { createWatch, type State } from './watch.ts';

export interface SlackSettings {
  readonly botToken: string;
  /** None where updates come by Socket Mode alone. */
  readonly signingSecrets: readonly string[];
  /** Where the Web API is. */
  readonly apiUrl: string;
  /** The channel of announcements. */
  readonly homeChannel: string | undefined;
}

export interface SlackParts extends SlackSettings {
  readonly tenant: string;
  readonly actions: ChatActions;
  readonly sends: RecordCollection<SlackSend>;
  readonly accounts: Accounts;
  /** Whether the tenant's business may be read in a room. */
  readonly isBound: (tenant: string, room: string) => Promise<boolean>;
  readonly verbNames: () => ReadonlySet<string>;
  /** The registry, which is made after the platforms it answers on. */
  readonly questions: Questions & Forms;
  readonly post: PostJson;
  readonly publicUrl: () => string;
  /** Holds work back while the process does not keep up with what comes in; never unless given. */
  readonly breathe?: Breather;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface SlackPlatform {
  readonly adapter: Adapter;
  readonly channel: Channel;
  /** What takes updates, once there is an inbox to put them into. */
  connect(inbox: Pick<Inbox, 'receive'>): { readonly intake: Intake; readonly door: SlackDoor | null };
  /** Keeps asking Slack how things stand. @returns when `stop` aborts. */
  keepWatch(stop: AbortSignal): Promise<void>;
  state(): State;
}

export function createSlackPlatform(parts: SlackParts): SlackPlatform {
  const { apiUrl, actions, clock, logger, tenant, accounts, questions } = parts;
  const direct = createSlackApi({ token: parts.botToken, url: apiUrl, logger });
  const watch = createWatch({ api: direct, clock, logger });
  const { api } = watch;
  const directory = createDirectory({ api, clock });
  const places = createPlaces({ homeChannel: parts.homeChannel, isBound: parts.isBound, directory });
  const answerUrls = createAnswerUrls({ apiUrl, post: parts.post, logger });
  const reader = createReader({
    api,
    directory,
    accounts,
    places,
    answerUrls,
    logger,
    listener: createListener({ me: directory.me, logger }),
    forms: questions,
    verbNames: parts.verbNames,
  });
  const channel = createSlackChannel({
    post: createPost({ api, answerUrls }),
    pictures: createPictures({ api, draw: svgToPng, logger }),
    modals: createModals({ api, actions, clock, logger }),
    directory,
    actions,
    sends: parts.sends,
    clock,
    readOn: () => `Ask the same in the console to read all of it: ${parts.publicUrl()}/console`,
  });

  function connect(inbox: Pick<Inbox, 'receive'>): { intake: Intake; door: SlackDoor | null } {
    const { signingSecrets } = parts;
    const now = (): Date => clock.now();
    const intake = createIntake({
      inbox,
      reader,
      accounts,
      directory,
      places,
      questions,
      tenant,
      breathe: parts.breathe ?? unhindered,
      now,
      logger,
    });
    const onRefused = (why: string): void =>
      logger.debug({ why }, 'a request to the door of Slack was refused');
    const door =
      signingSecrets.length === 0 ? null : createSlackDoor({ signingSecrets, intake, clock, onRefused });
    return { intake, door };
  }

  return {
    adapter: { platform: SLACK, door: 'slack', read: reader.read },
    channel,
    connect,
    keepWatch: (stop) => watch.run(directory, stop),
    state: watch.state,
  };
}
