// The modal that was opened for an update: filled with the form that answers it, or told the answer that is no form.
import type { Clock } from '../../src/core/clock.ts';
import { toAppError } from '../../src/core/errors.ts';
import type { Logger } from '../../src/core/logger.ts';
import type { Block, Form, Reply } from '../../src/core/reply.ts';
import type { ChatActions } from '../actions.ts';
import type { SlackApi } from './api.ts';
import { slackWordOf } from './errors.ts';
import { readHandle } from './places.ts';
import type { Reference, Target } from './post.ts';
import { answerView, formView } from './views.ts';

export interface Modals {
  /**
   * The reference of the filled modal; null when the reply has no form or no modal waits: it is a message then, and a
   * modal that waited says what the message does.
   */
  fill(answer: {
    readonly tenant: string;
    readonly message: string;
    readonly target: Target;
    readonly reply: Reply;
  }): Promise<Reference | null>;
}

export function createModals(options: {
  readonly api: SlackApi;
  readonly actions: ChatActions;
  readonly clock: Clock;
  readonly logger: Logger;
}): Modals {
  const { api, actions, clock, logger } = options;

  /** The message holds the answer whatever becomes of this: whoever closed the modal has lost nothing. */
  async function tell(id: string, reply: Reply): Promise<null> {
    try {
      await api.call('views.update', { external_id: id, view: answerView(id, reply) });
    } catch (error) {
      logger.info({ view: id, word: slackWordOf(error) }, 'a modal was not told its answer');
    }
    return null;
  }

  return {
    async fill({ tenant, message, target, reply }) {
      const { channel, place } = target;
      const { view: id } = readHandle(place);
      const form = formIn(reply);
      if (id === undefined) return null;
      if (!form) return await tell(id, reply);
      const at = clock.now();
      const key = await actions.registerForm({ tenant, message, onlyFor: null, at }, form);
      const { thread } = place;
      const memory = { form: key, channel, ...(thread === undefined ? {} : { thread }) };
      try {
        await api.call('views.update', { external_id: id, view: formView(id, form, memory) });
        return `view:${id}`;
      } catch (error) {
        if (slackWordOf(error) === '' || toAppError(error).retryable) throw error;
        // It was closed, never opened, or is more than Slack takes: the message has a button instead.
        logger.info({ view: id, word: slackWordOf(error) }, 'a form was not filled');
        return null;
      }
    },
  };
}

function formIn({ blocks }: Reply): Form | undefined {
  return blocks.find((block): block is Block & { readonly kind: 'form' } => block.kind === 'form')?.form;
}
