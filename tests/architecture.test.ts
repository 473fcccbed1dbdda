// Holds the map of ARCHITECTURE.md: who may import whom, what is banned where, and how every file begins.
import { describe, expect, it } from 'vitest';
import { type Import, type SourceFile, sourceFiles, withoutComments } from './support/source-tree.ts';

const product = sourceFiles('src', 'bots', 'jobs', 'models');

/** The rooms of the house: which files belong to one, what of ours it may import, and which packages. */
interface Room {
  readonly name: string;
  readonly holds: RegExp;
  readonly ours: readonly RegExp[];
  readonly packages: readonly string[];
}

const core = /^src\/core\//;
const ui = /^src\/ui\//;
const models = /^models\//;

const rooms: readonly Room[] = [
  { name: 'core', holds: core, ours: [core], packages: ['zod', 'pino', 'ulid', 'luxon', 'dinero.js'] },
  {
    name: 'ui',
    holds: ui,
    ours: [core, ui],
    packages: ['react', 'react-dom', 'd3-scale', 'd3-shape', 'd3-array', 'd3-time-format', 'zod'],
  },
  { name: 'models', holds: models, ours: [core, models], packages: ['mongoose', 'mongodb'] },
  {
    name: 'features',
    holds: /^src\/features\//,
    ours: [core, ui, models, /^src\/outbox\/.*types\.ts$/],
    packages: [
      'zod',
      'react',
      'luxon',
      'csv-parse',
      'csv-stringify',
      '@react-email/components',
      '@react-email/render',
    ],
  },
  {
    name: 'outbox',
    holds: /^src\/outbox\//,
    ours: [core, models, /^src\/outbox\//],
    packages: ['got', 'cockatiel', 'resend'],
  },
  {
    name: 'http',
    holds: /^src\/http\//,
    ours: [core, ui, /^src\/http\//],
    packages: [
      'express',
      'express-session',
      'connect-mongo',
      'express-rate-limit',
      'helmet',
      'compression',
      'cookie-parser',
      'csrf-csrf',
      'swagger-ui-dist',
      'zod',
      'zod-openapi',
      'prom-client',
      'react',
      'pino',
    ],
  },
  {
    name: 'bots',
    holds: /^bots\//,
    ours: [core, ui, models, /^bots\//],
    packages: ['zod', 'didyoumean2', 'react', 'telegraf', '@slack/bolt', '@slack/socket-mode'],
  },
  {
    name: 'jobs',
    holds: /^jobs\//,
    ours: [core, /^jobs\//],
    packages: ['agenda', '@agendajs/mongo-backend'],
  },
  {
    name: 'embedded-mongo',
    holds: /^src\/embedded-mongo\//,
    ours: [/^src\/embedded-mongo\//],
    packages: ['bson', 'mongodb', 'mongodb-memory-server'],
  },
];

/** Packages that belong to one file or folder alone. */
const confined: Readonly<Record<string, RegExp>> = {
  agenda: /^jobs\/scheduler\.ts$/,
  '@agendajs/mongo-backend': /^jobs\/scheduler\.ts$/,
  sharp: /^src\/ui\/png\.ts$/,
  express: /^src\/http\//,
  '@slack/bolt': /^bots\/slack\//,
  '@slack/socket-mode': /^bots\/slack\//,
  mongoose: /^models\//,
  telegraf: /^bots\/telegram\//,
  resend: /^src\/outbox\//,
  '@react-email/components': /^src\/features\/mail\//,
  '@react-email/render': /^src\/features\/mail\//,
  'mongodb-memory-server': /^src\/embedded-mongo\//,
};

const roots = /^src\/(main|app|features|config|config-readers|cli|[a-z-]+)\.ts$/;

describe('the import matrix', () => {
  it('sees the files and edges that it judges', () => {
    expect(product.length).toBeGreaterThan(15);
    expect(product.flatMap((file) => file.imports.filter((edge) => edge.ours)).length).toBeGreaterThan(20);
  });

  it('knows a room for every file', () => {
    const homeless = product
      .filter((file) => !roots.test(file.path) && !roomOf(file))
      .map((file) => file.path);

    expect(homeless).toEqual([]);
  });

  it('is kept by every import', () => {
    const breaches = product.flatMap((file) => {
      const room = roomOf(file);
      if (!room) return [];
      return file.imports
        .filter((edge) => !allowed(file, room, edge))
        .map((edge) => `${file.path} imports ${edge.target}`);
    });

    expect(breaches).toEqual([]);
  });

  it('keeps each confined package in its one place', () => {
    const strays = product.flatMap((file) =>
      file.imports
        .filter(
          (edge) =>
            !edge.ours && !edge.typeOnly && confined[edge.target] && !confined[edge.target]?.test(file.path),
        )
        .map((edge) => `${file.path} imports ${edge.target}`),
    );

    expect(strays).toEqual([]);
  });

  it('refuses an import that breaks it', () => {
    const file = { path: 'src/features/tasks/service.ts', text: '', imports: [] };
    const room = roomOf(file);
    const edge = (target: string, ours: boolean): Import => ({ target, ours, typeOnly: false });

    expect(room && allowed(file, room, edge('src/features/people/service.ts', true))).toBe(false);
    expect(room && allowed(file, room, edge('express', false))).toBe(false);
    expect(room && allowed(file, room, edge('src/features/tasks/words.ts', true))).toBe(true);
  });

  it('has no cycles', () => {
    expect(cycles(product)).toEqual([]);
  });
});

/** What is banned, the one place where it is allowed, and what to use instead. */
const bans: readonly { readonly what: RegExp; readonly but: RegExp; readonly instead: string }[] = [
  {
    what: /\bDate\.now\(|\bnew Date\(\)/,
    but: /^src\/(core\/clock\.ts|embedded-mongo\/)/,
    instead: 'ctx.now or the Clock port',
  },
  {
    what: /\bMath\.random\(|\brandomUUID\(|\brandomBytes\(/,
    but: /^src\/(core\/ids\.ts|embedded-mongo\/)/,
    instead: 'the Ids port',
  },
  { what: /\bprocess\.env\b/, but: /^src\/(config|ui\/png)\.ts$/, instead: 'src/config.ts' },
  {
    what: /(?<![.\w])fetch\(/,
    but: /^(src\/outbox\/|bots\/console\/terminal-client\.ts)/,
    instead: 'the outbox',
  },
  { what: /\bimport\(\s*[^'\s]/, but: /^$/, instead: 'an import by its literal name' },
  { what: /\bTODO\b|\bFIXME\b|\bXXX\b/, but: /^$/, instead: 'the work itself' },
  {
    what: /\bconsole\.(log|error|warn)\(/,
    but: /^src\/embedded-mongo\//,
    instead: 'the logger, or process.stdout at a door',
  },
];

describe('the bans', () => {
  it.each(bans)('hold for $what', ({ what, but, instead }) => {
    const found = product
      .filter((file) => !but.test(file.path) && what.test(withoutComments(file.text)))
      .map((file) => `${file.path}: use ${instead}`);

    expect(found).toEqual([]);
  });
});

describe('every file', () => {
  it('opens with one sentence on what it is for', () => {
    const silent = product
      .filter((file) => !/^(#!.*\n)?(\/\/ .{15,}\n|\/\*\*? ?.{15,})/.test(file.text))
      .map((file) => file.path);

    expect(silent).toEqual([]);
  });

  it('stays short enough to read (sizes are printed, the habit is 250 lines)', () => {
    const sizes = product.map((file) => ({ path: file.path, lines: file.text.split('\n').length - 1 }));
    const long = sizes.filter(({ lines }) => lines > 250).sort((a, b) => b.lines - a.lines);
    process.stdout.write(
      `${sizes.length} files; over 250 lines: ${long.map((f) => `${f.path} ${f.lines}`).join(', ') || 'none'}\n`,
    );

    expect(long.filter(({ lines }) => lines > 400)).toEqual([]);
  });
});

function roomOf(file: SourceFile): Room | undefined {
  return rooms.find((room) => room.holds.test(file.path));
}

function allowed(file: SourceFile, room: Room, edge: Import): boolean {
  if (!edge.ours) return edge.target.startsWith('node:') || [...room.packages, 'sharp'].includes(edge.target);
  const feature = /^src\/features\/[^/]+\//.exec(file.path)?.[0];
  if (feature && edge.target.startsWith(feature)) return true;
  if (room.name === 'jobs' && edge.typeOnly) return /^(src\/(core|features|outbox)|jobs)\//.test(edge.target);
  return room.ours.some((pattern) => pattern.test(edge.target));
}

function cycles(files: readonly SourceFile[]): string[] {
  const edges = new Map(
    files.map((file) => [file.path, file.imports.filter((e) => e.ours && !e.typeOnly).map((e) => e.target)]),
  );
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) found.push([...trail.slice(trail.indexOf(path)), path].join(' → '));
    if (done.has(path) || trail.includes(path)) return;
    for (const next of edges.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of edges.keys()) visit(path, []);
  return found;
}
