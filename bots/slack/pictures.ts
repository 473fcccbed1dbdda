// Pictures of a reply as files of the workspace: drawn, uploaded once, and shown by the message that needs them.

import { toAppError } from '../../src/core/errors.ts';
import type { Logger } from '../../src/core/logger.ts';
import type { Reply } from '../../src/core/reply.ts';
import type { SlackApi } from './api.ts';

const MOST_REMEMBERED = 200;
/** What Slack takes as the description of a file. */
const ALT_LENGTH = 1_000;

export interface Pictures {
  /**
   * The files of a reply's pictures, in order; null for one that Slack takes no file for, whose words then stand.
   * @param message names the message: sending it again shows the same files. @throws AppError for a passing fault.
   */
  filesOf(message: string, reply: Reply): Promise<readonly (string | null)[]>;
}

export function createPictures(options: {
  readonly api: SlackApi;
  /** Draws an SVG as a PNG. */
  readonly draw: (svg: string) => Promise<Uint8Array>;
  readonly logger: Logger;
}): Pictures {
  const { api, draw, logger } = options;
  const uploaded = new Map<string, string>();

  async function fileOf(key: string, { alt, svg }: { alt: string; svg: string }): Promise<string | null> {
    const known = uploaded.get(key);
    if (known !== undefined) return known;
    try {
      const bytes = Buffer.from(await draw(svg));
      const id = await api.upload({ name: 'chart.png', alt: alt.slice(0, ALT_LENGTH), bytes });
      uploaded.set(key, id);
      const [oldest] = uploaded.size > MOST_REMEMBERED ? uploaded.keys() : [];
      if (oldest !== undefined) uploaded.delete(oldest);
      return id;
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.retryable && !error.neverArrived) throw error;
      if (error.kind === 'rate_limited') throw error;
      logger.warn({ err: error }, 'a picture was not uploaded; its words are sent');
      return null;
    }
  }

  return {
    async filesOf(message, reply) {
      const files: (string | null)[] = [];
      for (const [n, block] of reply.blocks.entries()) {
        if (block.kind === 'picture') files.push(await fileOf(`${message} ${n}`, block));
      }
      return files;
    },
  };
}
