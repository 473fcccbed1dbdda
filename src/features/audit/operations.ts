// The verbs of the audit log: list what was done, and verify that nothing was altered or removed.
import { z } from 'zod';
import type { AuditRow } from '../../../models/audit-log.ts';
import { operationsOf } from '../../core/operation.ts';
import { invalidInput } from '../../core/problems.ts';
import { type Block, context, list, type Reply, reply, table, withStatus } from '../../core/reply.ts';
import type { Audit } from './service.ts';
import type { ChainProblem, PostedHead } from './verify.ts';
import { describeProblem } from './words.ts';

const operation = operationsOf<{ readonly audit: Audit }>();

const changes = z.record(z.string(), z.unknown()).nullable();

const shownRow = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  who: z.string(),
  whoId: z.string(),
  door: z.string(),
  operation: z.string(),
  outcome: z.enum(['done', 'denied', 'read']),
  target: z.string(),
  before: changes,
  after: changes,
  reason: z.string().nullable(),
  requestId: z.string(),
  sealed: z.boolean(),
});

type ShownRow = z.output<typeof shownRow>;

const shownHead = z.object({ n: z.int(), hash: z.string() }).nullable();

function show(row: AuditRow): ShownRow {
  const { _id: id, actorName: who, actorId: whoId, door, operation: name, outcome, target } = row;
  const { before, after, reason, requestId } = row;
  const at = row.at.toISOString();
  const sealed = !row.open;
  return {
    id,
    at,
    who,
    whoId,
    door,
    operation: name,
    outcome,
    target,
    before,
    after,
    reason,
    requestId,
    sealed,
  };
}

const word = (description: string, example: string) =>
  z.string().trim().min(1).max(120).describe(description).meta({ example });

export const auditOperations = [
  operation({
    name: 'audit.list',
    summary: { en: 'Show who did what, newest first', hi: 'किसने क्या किया, नया पहले' },
    permission: 'audit.read',
    effect: 'read',
    danger: 'none',
    audience: 'person',
    audited: true,
    http: { method: 'GET', path: '/api/admin/audit' },
    input: z.strictObject({
      about: word('a person, a verb or record, or since when', '7d').exactOptional(),
      who: word('a name or id of a person or token', 'asha').exactOptional(),
      what: word('a verb such as task.add, its noun, or the id of a record', 'task.add').exactOptional(),
      since: word('since when', 'last 7 days').exactOptional(),
      limit: z.int().min(1).max(200).default(20).describe('how many rows at most'),
    }),
    output: z.object({ total: z.int(), rows: z.array(shownRow) }),
    chat: {
      said: ['who changed what', 'what was changed today', 'kisne kya badla', 'किसने क्या बदला'],
      aliases: ['audit'],
      positional: ['about'],
      examples: ['audit', 'audit 7d', 'audit task.add --since today', 'audit list --who asha --limit 50'],
    },
    run: async ({ services, ...ctx }, input) => {
      const { rows, total } = await services.audit.list(ctx, input);
      return { total, rows: rows.map(show) };
    },
    reply: (output, _input, ctx) => listed(output.rows, output.total, ctx.zone),
  }),
  operation({
    name: 'audit.verify',
    summary: {
      en: 'Check that no audit row was altered or removed',
      hi: 'जाँचें कि ऑडिट में कुछ बदला या हटाया नहीं गया',
    },
    permission: 'audit.read',
    effect: 'read',
    danger: 'none',
    audited: true,
    http: { method: 'GET', path: '/api/admin/audit/verify' },
    input: z.strictObject({
      head: word('a head that was posted before, as <block>:<hash>', '412:9f3c…').exactOptional(),
    }),
    output: z.object({
      holds: z.boolean(),
      blocks: z.int(),
      rows: z.int(),
      open: z.int(),
      head: shownHead,
      problemCount: z.int(),
      problems: z.array(z.object({ kind: z.string(), block: z.int(), row: z.string(), text: z.string() })),
    }),
    chat: {
      said: ['is the audit log intact', 'audit log theek hai kya'],
      positional: ['head'],
      examples: ['audit verify'],
    },
    run: async ({ services, tenant }, { head }) => {
      const posted = head === undefined ? [] : [postedHead(head)];
      const { problems, ...report } = await services.audit.verify(tenant, posted);
      return {
        ...report,
        holds: problems.length === 0,
        problemCount: problems.length,
        problems: problems.slice(0, 50).map(withText),
      };
    },
    reply: ({ holds, blocks, rows, open, head, problemCount, problems }) => {
      const rest: Block[] = [context(head ? `Head ${head.n}:${head.hash}` : 'No block yet')];
      if (open > 0)
        rest.unshift(context(open === 1 ? '1 row waits for its seal' : `${open} rows wait for their seal`));
      if (holds)
        return withStatus('ok', reply(`The audit chain holds: ${rows} rows in ${blocks} blocks`, ...rest));
      const fact = `The audit chain does not hold: ${problemCount} problems in ${blocks} blocks`;
      return withStatus('act', reply(fact, list(problems.map(({ text }) => text).slice(0, 10)), ...rest));
    },
  }),
];

const withText = (problem: ChainProblem) => ({ ...problem, text: describeProblem(problem) });

function postedHead(text: string): PostedHead {
  const match = /^(\d{1,9}):([0-9a-f]{64})$/.exec(text);
  if (!match?.[1] || !match[2]) {
    const problem = `“${text}” is no head; a head is a block number, a colon and 64 hex digits`;
    throw invalidInput([{ field: 'head', problem, example: `1:${'0'.repeat(64)}` }]);
  }
  return { n: Number(match[1]), hash: match[2] };
}

function listed(rows: readonly ShownRow[], total: number, zone: string): Reply {
  if (rows.length === 0) return reply('No audit row fits.');
  const time = new Intl.DateTimeFormat('en-IN', { timeZone: zone, dateStyle: 'medium', timeStyle: 'short' });
  const columns = ['When', 'Who', 'What', 'On', 'From'].map((label) => ({ label }));
  const cells = rows.map((row) => [
    time.format(new Date(row.at)),
    row.who,
    row.outcome === 'done' ? row.operation : `${row.operation} (${row.outcome})`,
    row.target,
    row.door,
  ]);
  const fact =
    total === rows.length ? `${total} audit rows` : `The newest ${rows.length} of ${total} audit rows`;
  return reply(fact, table(columns, cells), context(`Times in ${zone}`));
}
