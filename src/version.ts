// The version of this program, from its package.json.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { packageFile } from './ui/assets.ts';

export const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(packageFile('package.json'), 'utf8')));
