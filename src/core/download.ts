// A file that an operation hands out: its own address and a page's link answer it as a file, other doors as output.
import { z } from 'zod';

export const download = z.object({
  fileName: z.string().regex(/^[\w.-]{1,120}$/),
  mediaType: z.string(),
  /** The whole of the file, piece by piece. */
  content: z.array(z.string()),
});
