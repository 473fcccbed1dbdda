// Writes the reference pages from the code that they describe: verbs, permissions, errors, environment and jobs.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { alertJobs, watchJob } from '../../jobs/alerts.ts';
import { approvalJobs } from '../../jobs/approvals.ts';
import { auditJobs } from '../../jobs/audit.ts';
import { ingestionJobs } from '../../jobs/ingestion.ts';
import { mailJobs } from '../../jobs/mail.ts';
import { outboxJobs } from '../../jobs/outbox.ts';
import { protocolJobs } from '../../jobs/protocol.ts';
import { webhookJobs } from '../../jobs/webhooks.ts';
import { variables } from '../../src/config.ts';
import { errorCatalogue } from '../../src/core/error-catalogue.ts';
import { eventCatalogue } from '../../src/core/event-catalogue.ts';
import { fieldsOf } from '../../src/core/fields.ts';
import { wordsOf } from '../../src/core/operation.ts';
import { permissions, roles } from '../../src/core/permissions.ts';
import type { RollupReader } from '../../src/core/rollups.ts';
import { metricSections } from '../../src/features/metrics/definition.ts';
import { allMetrics } from '../../src/features/metrics/definitions/all.ts';
import { features } from '../../src/features.ts';
import { inboundSources } from '../../src/webhook-work.ts';
import { root } from './source-tree.ts';

const generated = (title: string, what: string): string =>
  `# ${title}\n\n${what} This page is written from the code by \`npm run docs\`, and a test holds the two together.\n`;

const row = (...cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(...head), row(...head.map(() => '---')), ...rows.map((cells) => row(...cells))].join('\n');

const code = (text: string): string => `\`${text}\``;

export function renderVerbs(): string {
  const sections = features
    .filter((feature) => feature.operations.length > 0)
    .map(({ name, operations }) => [`## ${name}`, ...operations.map(verbSection)].join('\n\n'));
  const opening =
    'Every verb works in the console, over HTTP (`POST /api/operations/<name>`), as a page form and on the command line.';
  return `${[generated('Verbs', opening), ...sections].join('\n')}\n`;
}

function verbSection(verb: (typeof features)[number]['operations'][number]): string {
  const facts = [
    `needs ${code(verb.permission)}`,
    verb.effect === 'write' ? 'writes' : 'reads',
    ...(verb.danger === 'confirm' ? ['asks first'] : []),
    ...(verb.approval ? [`others approve it, who hold ${code(verb.approval.permission)}`] : []),
    ...(verb.audited ? ['leaves an audit row'] : []),
    ...(verb.http ? [code(`${verb.http.method} ${verb.http.path}`)] : []),
    ...(verb.chat.aliases ?? []).map((alias) => `also said ${code(alias)}`),
  ];
  const rows = fieldsOf(verb.input).map((field) => [
    code(field.name),
    field.kind === 'choice' ? field.choices.map(code).join(' ') : field.kind,
    field.required
      ? 'required'
      : field.preset === undefined
        ? 'may be left out'
        : `else ${code(JSON.stringify(field.preset))}`,
    field.description,
  ]);
  return [
    `### ${code(verb.name)} — ${wordsOf(verb)}`,
    `${verb.summary.en}. ${verb.summary.hi}।`,
    `${facts.join(' · ')}.`,
    ...(rows.length > 0 ? [table(['argument', 'form', 'given', 'meaning'], rows)] : []),
    verb.chat.examples.map((example) => `- ${code(example)}`).join('\n'),
  ].join('\n\n');
}

export function renderPermissions(): string {
  const rows = Object.entries(permissions).map(([name, { role, allows, forPeopleAlone }]) => {
    const from = roles.indexOf(role);
    return [
      code(name),
      forPeopleAlone ? `${allows}; people alone, never service accounts` : allows,
      ...roles.map((_, index) => (index >= from ? 'yes' : '—')),
    ];
  });
  return `${generated('Permissions', 'Five roles, each holding what the lesser ones hold.')}\n${table(['permission', 'allows to', ...roles], rows)}\n`;
}

export function renderErrors(): string {
  const rows = Object.entries(errorCatalogue).map(([name, { kind, meaning }]) => [code(name), kind, meaning]);
  const opening =
    'Every code that a problem document, a chat answer or the log may carry. The reference beside it finds the failure in the logs.';
  return `${generated('Errors', opening)}\n${table(['code', 'kind', 'meaning'], rows)}\n`;
}

export function renderEnvironment(): string {
  const rows = Object.entries(variables).map(([name, variable]) => [
    code(name),
    variable.written === '' ? '—' : variable.written,
    `${variable.meaning}${'secret' in variable ? ' Secret: never shown in logs.' : ''}`,
  ]);
  const opening =
    'Every variable the program reads. A value `file:<path>` is read from that file. All mistakes are reported together, and the program ends with 78.';
  return `${generated('Environment', opening)}\n${table(['variable', 'unless set', 'meaning'], rows)}\n\n\`TEST_MONGODB_URI\` is read by the test suite alone: a replica set to run on instead of an engine of its own.\n`;
}

export function renderEnvExample(): string {
  const lines = Object.entries(variables).map(([name, { written, meaning }]) => {
    const isValue = /^[\w.:/,]*$|^\d+ hours$/.test(written);
    return `# ${meaning}${written === '' || isValue ? '' : ` Unless set: ${written}.`}\n#${name}=${isValue ? written : ''}`;
  });
  return `# Every variable with its default; copy to .env and load it with: node --env-file, docker compose, or your shell.\n\n${lines.join('\n\n')}\n`;
}

function allJobs() {
  const idle = async (): Promise<never> => Promise.reject(new Error('only listed'));
  return [
    ...protocolJobs({ protocol: { tick: idle } }),
    ...outboxJobs({ outbox: { sweep: idle } }),
    ...ingestionJobs({ folding: { round: idle }, pulls: { work: idle } }),
    ...webhookJobs({ webhooks: { forget: idle } }),
    ...mailJobs({ mails: { forget: idle } }),
    ...alertJobs({ alerts: { sweep: idle } }),
    watchJob(idle),
    ...approvalJobs({ approvals: { sweep: idle } }),
    ...auditJobs({ audit: { sealAll: idle }, postHead: idle }),
  ];
}

/** Every capability with its verbs, addresses, pages, jobs and tests; a capability without tests is an error. */
export function renderCoverage(): string {
  const rows = features.map(({ name, operations, pages }) => {
    const folders = testFoldersOf(name);
    if (folders.length === 0) throw new Error(`the capability ${name} has no folder of tests`);
    const jobs = allJobs().filter((job) => jobOwners[job.name.split('.')[0] ?? ''] === name);
    return [
      name,
      operations.map((verb) => code(verb.name)).join(' ') || '—',
      operations
        .flatMap((verb) => (verb.http ? [code(`${verb.http.method} ${verb.http.path}`)] : []))
        .join(' ') || '—',
      pages.map((page) => code(page.path)).join(' ') || '—',
      jobs.map((job) => code(job.name)).join(' ') || '—',
      folders.map((folder) => code(`tests/${folder}/`)).join(' '),
    ];
  });
  const opening = 'What there is of each capability, and where it is proven.';
  return `${generated('Coverage', opening)}\n${table(['capability', 'verbs', 'own addresses', 'pages', 'jobs', 'tests'], rows)}\n`;
}

/** Which capability a job belongs to, by the noun of its name. */
const jobOwners: Readonly<Record<string, string>> = {
  protocol: 'protocol',
  outbox: 'upkeep',
  approval: 'approvals',
  audit: 'audit',
  webhook: 'webhooks',
  webhooks: 'webhooks',
  ingest: 'ingestion',
  mail: 'mail',
  alerts: 'alerts',
};

function testFoldersOf(capability: string): string[] {
  const shared: Readonly<Record<string, readonly string[]>> = {
    upkeep: ['outbox', 'simulation'],
    approvals: ['approvals', 'simulation'],
    room: ['room', 'bots'],
  };
  return [capability, ...(shared[capability] ?? [])].filter(
    (folder, index, all) => existsSync(join(root, 'tests', folder)) && all.indexOf(folder) === index,
  );
}

export function renderJobs(): string {
  const rows = allJobs().map(({ name, every, misfire, about }) => [code(name), every, misfire, about]);
  const opening =
    'What rings by itself. `once`: a missed beat is made up for once; `skip`: the next beat does.';
  return `${generated('Jobs', opening)}\n${table(['job', 'every', 'when missed', 'does'], rows)}\n`;
}

/** Every metric by its section: what it is, in which unit, how it may be split, and where its formula comes from. */
export function renderMetrics(): string {
  const reader: RollupReader = {
    read: async () => [],
    distinct: async () => 0,
    rows: async () => [],
    asOf: async () => null,
  };
  const metrics = allMetrics({
    rollups: reader,
    movements: { between: async () => [] },
    held: { count: async () => 0, decisionMs: async () => null },
  });
  const opening =
    'Each number names its definition and version, its range with the zone, and how fresh it is. A period that has not ended keeps its value, is marked partial and has no change. Amounts are whole paise; a ratio of 0.12 is 12 %. In chat: `metrics <metric> <range> [by <dimension>] [vs <range>]`; over HTTP: `GET /api/metrics/<metric>?range=last+7+days`.';
  const sections = metricSections.flatMap((section) => {
    const own = metrics.filter((metric) => metric.section === section);
    if (own.length === 0) return [];
    const rows = own.map(({ id, version, name, formula, unit, polarity, dimensions, source, owner }) => [
      `${code(id)} v${version}`,
      `${name.en}, ${name.hi}`,
      formula,
      `${unit}, ${polarity === 'none' ? 'neither way is good' : `${polarity} is good`}`,
      dimensions.map(code).join(' ') || '—',
      `${source}; kept by ${owner}`,
    ]);
    return [`## ${section}\n\n${table(['metric', 'name', 'formula', 'unit', 'split by', 'source'], rows)}\n`];
  });
  return [generated('Metrics', opening), ...sections].join('\n');
}

export function renderEvents(): string {
  const opening =
    'What endpoints are sent (`endpoint add`): a POST of `{ "type", "version", "tenant", "data" }`, signed after Standard Webhooks. `webhook-id` names the event and stays the same over all attempts: take each id once. A payload never changes its meaning; a new one has a new version.';
  const sections = Object.entries(eventCatalogue).map(([type, { summary, version, payload }]) => {
    const { properties = {} } = z.toJSONSchema(payload, { io: 'output' });
    const rows = Object.entries(properties).map(([name, schema]) => {
      const { description = '', ...shape } = typeof schema === 'object' ? schema : {};
      return [code(name), code(JSON.stringify(shape)), description];
    });
    return `## ${code(type)}, version ${version}\n\n${summary}\n\n${table(['field of data', 'schema', 'meaning'], rows)}\n`;
  });
  return `${[generated('Events', opening), ...sections, renderInbound()].join('\n')}`;
}

const textually = ([name, value]: [string, unknown]): [string, string] => [name, String(value)];

/** What comes in: a source on each row of a list, with a body that works and what its bodies may hold. */
function renderInbound(): string {
  const opening =
    'What other systems send (`POST /webhooks/<source>`; the schemes and headers stand in `/api/documentation`). Sources that staff add send the bodies of `generic`, or bodies of their own shape, which `webhook map` reads.';
  const sections = inboundSources.map(({ name, summary, scheme, payload, sample }) => {
    const example = sample('example-1', new Date('2026-11-02T09:30:00Z'));
    const isForm = scheme === 'twilio';
    const body = isForm
      ? String(new URLSearchParams(Object.entries(example).map(textually)))
      : JSON.stringify(example);
    const schema = JSON.stringify(z.toJSONSchema(payload, { io: 'input', unrepresentable: 'any' }));
    return `### ${code(name)}, signed by ${code(scheme)}\n\n${summary}. A body that works:\n\n\`\`\`${isForm ? '' : 'json'}\n${body}\n\`\`\`\n\nIts schema:\n\n\`\`\`json\n${schema}\n\`\`\`\n`;
  });
  return [`## Events that come in\n\n${opening}\n`, ...sections].join('\n');
}
