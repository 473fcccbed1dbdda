// Holds the written pages to the tree: every path and every script they name exists, and the container files parse.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { root } from '../support/source-tree.ts';

const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const pages = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  ...readdirSync(join(root, 'docs'))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
];
const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(read('package.json')));

describe.each(pages)('%s', (page) => {
  const text = read(page);

  it('names only paths that exist', () => {
    const named = [
      ...text.matchAll(/(?:`|\s|\()((?:src|bots|jobs|models|tests|docs)\/[\w./-]*\w(?:\.\w+|\/)?)/g),
    ].map((match) => match[1] ?? '');
    const missing = named.filter(
      (path) =>
        !path.includes('reopen') &&
        !['', '.ts', '.tsx'].some((ending) => existsSync(join(root, path + ending))),
    );

    expect(missing.filter((path) => !/<|>/.test(path))).toEqual([]);
  });

  it('names only scripts that exist', () => {
    const named = [...text.matchAll(/npm run (?:-s )?([a-z-]+)/g)].map((match) => match[1] ?? '');

    expect(named.filter((script) => !Object.hasOwn(scripts, script))).toEqual([]);
  });
});

describe('the container files', () => {
  it('copy only what exists, run without rights, and check their health', () => {
    const dockerfile = read('Dockerfile');
    const sources = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap((match) =>
      (match[1] ?? '').split(' '),
    );

    expect(sources.length).toBeGreaterThan(5);
    expect(sources.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    expect(dockerfile).toMatch(/^USER node$/m);
    expect(dockerfile).toMatch(/^HEALTHCHECK /m);
    expect(dockerfile.match(/^FROM /gm)).toHaveLength(2);
    expect(/^CMD \["node", "([^"]+)"/m.exec(dockerfile)?.[1]).toBe('src/start.mjs');
  });

  it('bring a replica set and the program that waits for it', () => {
    const compose = z
      .object({
        services: z.object({
          mongodb: z.object({ image: z.string(), command: z.array(z.string()) }),
          wardroom: z.object({ environment: z.record(z.string(), z.string()) }),
        }),
      })
      .parse(parse(read('docker-compose.yml')));

    expect(compose.services.mongodb.image).toBe('mongo:8');
    expect(compose.services.mongodb.command).toContain('--replSet');
    const known = read('.env.example');
    const unknown = Object.keys(compose.services.wardroom.environment).filter(
      (name) => !known.includes(`#${name}=`),
    );
    expect(unknown).toEqual([]);
  });

  it('run scripts in CI that exist', () => {
    const workflow = parse(read('.github/workflows/ci.yml'));
    const steps = z
      .object({
        jobs: z.record(
          z.string(),
          z.object({ steps: z.array(z.object({ run: z.string().optional() }).loose()) }).loose(),
        ),
      })
      .loose()
      .parse(workflow);
    const lines = Object.values(steps.jobs).flatMap((job) => job.steps.flatMap((step) => step.run ?? []));
    const named = [
      ...lines.join('\n').matchAll(/npm run (?:-s )?([a-z-]+)/g),
      ...read('.ci/run').matchAll(/npm run (?:-s )?([a-z-]+)/g),
    ].map((match) => match[1] ?? '');

    expect(named.length).toBeGreaterThan(2);
    expect(named.filter((script) => !Object.hasOwn(scripts, script))).toEqual([]);
  });
});

describe('the package', () => {
  it('pins every dependency exactly and names no registry', () => {
    const manifest = z
      .object({
        dependencies: z.record(z.string(), z.string()),
        devDependencies: z.record(z.string(), z.string()),
      })
      .parse(JSON.parse(read('package.json')));
    const loose = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
    );

    expect(loose).toEqual([]);
    expect(read('package-lock.json')).not.toContain('"resolved"');
  });

  it('locks the packages of every platform, so that a clean install works on each of them', () => {
    const entry = z
      .object({
        version: z.string().optional(),
        optionalDependencies: z.record(z.string(), z.string()).optional(),
      })
      .loose();
    const { packages } = z
      .object({ packages: z.record(z.string(), entry) })
      .parse(JSON.parse(read('package-lock.json')));
    const wanted = Object.values(packages).flatMap((one) => Object.keys(one.optionalDependencies ?? {}));

    expect(wanted.length).toBeGreaterThan(20);
    expect(
      wanted.filter((name) => !Object.keys(packages).some((path) => path.endsWith(`node_modules/${name}`))),
    ).toEqual([]);
  });
});
