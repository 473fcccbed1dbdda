// The verbs of the audit log: list what was done, and verify that nothing was altered or removed.
import { z } from 'zod';
import type { Language } from '../../core/context.ts';
import { operationsOf } from '../../core/operation.ts';
import { invalidInput } from '../../core/problems.ts';
import { listReply, verifiedReply } from './replies.ts';
import type { Audit } from './service.ts';
import { reportShape, shownRow, showRow } from './shapes.ts';
import type { PostedHead } from './verify.ts';
import { describeProblem } from './words.ts';

const operation = operationsOf<{ readonly audit: Audit }>();

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
      return { total, rows: rows.map(showRow) };
    },
    reply: ({ rows, total }, _input, ctx) => listReply(rows, total, ctx),
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
    output: reportShape,
    chat: {
      said: ['is the audit log intact', 'audit log theek hai kya'],
      positional: ['head'],
      examples: ['audit verify'],
    },
    run: async ({ services, tenant, language }, { head }) => {
      const posted = head === undefined ? [] : [postedHead(head, language)];
      const { problems, ...report } = await services.audit.verify(tenant, posted);
      return {
        ...report,
        holds: problems.length === 0,
        problemCount: problems.length,
        problems: problems
          .slice(0, 50)
          .map((problem) => ({ ...problem, text: describeProblem(problem, language) })),
      };
    },
    reply: (report, _input, { language }) => verifiedReply(report, language),
  }),
];

function postedHead(text: string, language: Language): PostedHead {
  const match = /^(\d{1,9}):([0-9a-f]{64})$/.exec(text);
  if (!match?.[1] || !match[2]) {
    const problem = {
      en: `“${text}” is no head; a head is a block number, a colon and 64 hex digits`,
      hi: `“${text}” हेड नहीं है; हेड में ब्लॉक का नंबर, कोलन और 64 hex अंक होते हैं`,
    };
    throw invalidInput([{ field: 'head', problem: problem[language], example: `1:${'0'.repeat(64)}` }]);
  }
  return { n: Number(match[1]), hash: match[2] };
}
