// Carries out CONTRIBUTING's recipe “add a verb in three files”, exactly as it stands, on a copy of the tree.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { root } from '../support/source-tree.ts';

const copy = mkdtempSync(join(tmpdir(), 'wardroom-recipe-'));
const contributing = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');

beforeAll(() => {
  for (const part of [
    'src',
    'bots',
    'jobs',
    'models',
    'tests',
    'docs',
    'package.json',
    'tsconfig.json',
    'vitest.config.ts',
    '.env.example',
  ]) {
    cpSync(join(root, part), join(copy, part), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
});

afterAll(() => rmSync(copy, { recursive: true, force: true }));

it('adds a verb with three files, and types, its test and its page of docs agree', () => {
  edit('src/features/tasks/service.ts', (text) =>
    text
      .replace(/\n {2}return \{ add,/, `\n${block('service')}\n  return { add,`)
      .replace(/return \{ add, (.*) \};/, 'return { add, $1, reopen };'),
  );
  edit('src/features/tasks/operations.ts', (text) =>
    text.replace(/\n\] as const;/, `\n${block('operation')}] as const;`),
  );
  writeFileSync(join(copy, 'tests/tasks/reopen.test.ts'), block('test'));

  run('tsc', ['--noEmit']);
  // The copied engine needs no build: these two files touch no database.
  run('vitest', ['run', '--config', 'vitest.recipe.ts', 'tests/tasks/reopen.test.ts']);
  run('vitest', ['run', '--config', 'vitest.recipe.ts', 'tests/bots/hindi.test.ts', '-t', 'task.reopen']);
  run('vitest', ['run', '--config', 'vitest.recipe.ts', 'tests/docs/reference.test.ts', '-u']);

  expect(readFileSync(join(copy, 'docs/verbs.md'), 'utf8')).toContain('### `task.reopen` — task reopen');
}, 180_000);

function block(name: string): string {
  const match = new RegExp(`\`\`\`ts ${name}\\n([\\s\\S]*?)\`\`\``).exec(contributing);
  if (!match?.[1]) throw new Error(`CONTRIBUTING.md has no code block “${name}”`);
  return match[1];
}

function edit(path: string, change: (text: string) => string): void {
  const before = readFileSync(join(copy, path), 'utf8');
  const after = change(before);
  if (after === before) throw new Error(`the recipe found no place in ${path}`);
  writeFileSync(join(copy, path), after);
}

function run(program: string, args: readonly string[]): void {
  const config =
    "import { defineConfig } from 'vitest/config';\nexport default defineConfig({ test: { include: ['tests/**/*.test.{ts,tsx}'] } });\n";
  writeFileSync(join(copy, 'vitest.recipe.ts'), config);
  const env = { ...process.env, CI: '' };
  execFileSync(process.execPath, [join(root, 'node_modules', binOf(program)), ...args], {
    cwd: copy,
    env,
    stdio: 'pipe',
    encoding: 'utf8',
  });
}

function binOf(program: string): string {
  return program === 'tsc' ? 'typescript/bin/tsc' : 'vitest/vitest.mjs';
}
