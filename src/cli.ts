#!/usr/bin/env node
// The command line, made from the operations: every verb by its words, at the machine itself, as its operator.
import { readFileSync, statSync } from 'node:fs';
import { plainText } from '../bots/console/render.ts';
import { readArguments } from '../bots/parse.ts';
import { slackManifest } from '../bots/slack/manifest.ts';
import { createVerbBook, type Found } from '../bots/verb-book.ts';
import { wordsOfArguments } from '../bots/words.ts';
import { exitCodeOf, explain } from './command-errors.ts';
import { readConfig } from './config.ts';
import type { Verb } from './core/dispatcher.ts';
import { AppError } from './core/errors.ts';
import { wordsOf } from './core/operation.ts';
import { invalidInput } from './core/problems.ts';
import { DEFAULT_TENANT } from './core/tenant.ts';
import { runDatabaseMove } from './database-move.ts';
import { runDoctor } from './doctor.ts';
import { operations } from './features.ts';
import { openWorkbench, type Workbench } from './workbench.ts';

async function main(argv: readonly string[]): Promise<void> {
  const asJson = argv.includes('--json');
  const words = argv.filter((word) => word !== '--json');
  if (words.length === 0 || words[0] === '--help') return say(overview());
  if (words[0] === 'doctor') return runDoctor(say, asJson);
  if (words[0] === 'slack-manifest') return say(slackManifestText(words.slice(1)));
  if (words[0] === 'database') return runDatabaseMove(words.slice(1), say);
  const found = createVerbBook(operations).find(wordsOfArguments(words));
  if (!found) throw unknownVerb(words);
  const raw = rawInput(found);
  const bench = await openWorkbench();
  try {
    const isSaid = isOwnerLink(found.plan.verb, raw) && (await sayOwnerLink(bench, asJson));
    if (!isSaid) await run(bench, found, raw, asJson);
  } finally {
    await bench.close();
  }
}

/** Runs one verb as the operator, and delivers what it left when no server runs beside. */
async function run(
  bench: Workbench,
  { plan }: Found,
  raw: Readonly<Record<string, unknown>>,
  asJson: boolean,
): Promise<void> {
  const { program, config, ports, actor, isAlone } = bench;
  const requestId = ports.ids.fresh('req');
  const progress = setTimeout(() => process.stderr.write(`${wordsOf(plan.verb)} is at work …\n`), 1000);
  try {
    const ctx = {
      tenant: DEFAULT_TENANT,
      actor,
      door: 'cli' as const,
      effectKey: requestId,
      requestId,
      now: ports.clock.now(),
      zone: config.BUSINESS_TIMEZONE,
      language: 'en' as const,
    };
    const { output, reply } = await program.dispatcher.run({ operation: plan.verb.name, raw, ctx });
    say(asJson ? JSON.stringify(output, null, 2) : plainText(reply));
    if (isAlone && plan.verb.effect === 'write') {
      if (bench.isRunWanted()) await program.services.protocol.tick(new AbortController().signal);
      await program.facts.folding.drain();
      await program.outbox.drain();
      await program.services.audit.sealAll();
    }
  } finally {
    clearTimeout(progress);
  }
}

/** The arguments as the operation wants them; where it takes a file's text, the path is read in its place. */
function rawInput({ plan, rest }: Found): Readonly<Record<string, unknown>> {
  const { raw, problems } = readArguments(plan, rest);
  if (problems.length > 0) throw invalidInput(problems, plan.verb.chat.examples[0]);
  const { file } = plan.verb;
  const path = file && raw[file.field];
  return typeof path === 'string' && file ? { ...raw, [file.field]: readFileText(path, file.maxBytes) } : raw;
}

/** @throws AppError naming the path for a file that is missing, too large or not UTF-8. */
function readFileText(path: string, maxBytes: number): string {
  const refuse = (problem: string): never => {
    throw new AppError('input.bad_file', `Nothing was imported: ${path} ${problem}.`);
  };
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return refuse('does not exist');
  if (!stats.isFile()) return refuse('is not a file');
  if (stats.size > maxBytes)
    return refuse(`has ${stats.size} bytes; at most ${maxBytes} can be taken at once`);
  if (stats.size === 0) return refuse('is empty');
  const bytes = readFileSync(path);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
    return refuse(`is ${isUtf16 ? 'UTF-16' : 'not UTF-8 text'}; save it as “CSV UTF-8” and give it again`);
  }
}

const isOwnerLink = (verb: Verb, raw: Readonly<Record<string, unknown>>): boolean =>
  verb.name === 'team.link' && raw['person'] === 'owner';

/** Before there is an owner, their first link; false once there is one, whose link the verb itself makes. */
async function sayOwnerLink({ program }: Workbench, asJson: boolean): Promise<boolean> {
  const link = await program.services.people.ensureOwnerLink({ renew: true });
  if (link)
    say(
      asJson
        ? JSON.stringify({ link: link.url, expiresAt: link.expiresAt.toISOString() }, null, 2)
        : link.url,
    );
  return link !== null;
}

function overview(): string {
  const lines = operations.map(
    (verb) =>
      `  ${(verb.chat.aliases?.find((alias) => alias.includes(' ')) ?? wordsOf(verb)).padEnd(22)} ${verb.summary.en}`,
  );
  return [
    'Usage: npm run cli -- <verb> [arguments] [--json]',
    '',
    ...lines,
    '  doctor                 Check configuration, database and clock, and say how to mend each',
    '  slack-manifest         Print the manifest that the Slack app is made from (--socket: without an address)',
    '  database move <uri>    Copy the data folder’s database to a MongoDB replica set, and verify the copy',
    '',
    'More of one verb: npm run cli -- help <verb>',
  ].join('\n');
}

/** For “Create an app from a manifest” in Slack: by address where Slack can reach this server, else by Socket Mode. */
function slackManifestText(words: readonly string[]): string {
  const { PUBLIC_URL, SLACK_APP_TOKEN } = readConfig();
  const isReachable = PUBLIC_URL?.startsWith('https://') === true && SLACK_APP_TOKEN === undefined;
  const publicUrl = isReachable && !words.includes('--socket') ? PUBLIC_URL : null;
  return JSON.stringify(slackManifest({ verbs: operations, publicUrl }), null, 2);
}

function unknownVerb(words: readonly string[]): AppError {
  const book = createVerbBook(operations);
  const guesses = book.guess(wordsOfArguments(words), operations).map((verb) => `“${wordsOf(verb)}”`);
  const hint = guesses.length > 0 ? ` Did you mean ${guesses.join(' or ')}?` : '';
  return new AppError(
    'input.unknown_operation',
    `There is no verb “${words.slice(0, 3).join(' ')}”.${hint} “npm run cli” lists all.`,
  );
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${explain(error)}\n`);
    process.exit(exitCodeOf(error));
  },
);
