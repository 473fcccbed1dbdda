// Nobody but models/ reaches past the repositories: no mongoose, no raw collection, no way around the hooks.
import { describe, expect, it } from 'vitest';
import { sourceFiles, withoutComments } from '../support/source-tree.ts';

const outside = sourceFiles('src', 'bots', 'jobs').filter(
  ({ path }) => !path.startsWith('src/embedded-mongo/'),
);

/** The way past, and the one place that may take it: libraries that keep collections of their own are given a client there. */
const ways: readonly (readonly [RegExp, RegExp])[] = [
  [/\bfrom 'mongoose'|\bimport\('mongoose'\)/, /^$/],
  // The move copies a whole database as it stands, byte by byte, of every tenant.
  [/\.collection\b|\.collections\b/, /^src\/database-(copy|move)\.ts$/],
  [/\.db\b|\.useDb\(/, /^(src\/app\.ts|src\/database-move\.ts|jobs\/scheduler\.ts)$/],
  [/\.getClient\(/, /^src\/app\.ts$/],
  [/\bmiddleware:/, /^$/],
  [/\.hydrate\(|\.watch\(|\.bulkSave\(|\.startSession\(/, /^$/],
  [/import \{[^}]*\bacrossTenants\b[^}]*\} from '[^']*tenant\.ts'/, /^$/],
];

describe('what reaches the database', () => {
  it('sees the files that it judges', () => {
    expect(outside.length).toBeGreaterThan(20);
  });

  it.each(ways)('is never %s outside its place', (way, but) => {
    const found = outside
      .filter(({ path, text }) => !but.test(path) && way.test(withoutComments(text)))
      .map(({ path }) => path);
    expect(found).toEqual([]);
  });

  it('is, within models/, never a way that the tenant plugin cannot see', () => {
    const raw = sourceFiles('models')
      .filter(({ text }) =>
        /\.collection\b|\.getClient\(|\bmiddleware:|\.db\b|\.hydrate\(/.test(withoutComments(text)),
      )
      .map(({ path }) => path);
    expect(raw).toEqual(['models/connection.ts', 'models/indexes.ts', 'models/tenant-plugin.ts']);
  });
});
