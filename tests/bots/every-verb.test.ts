// Every verb of the product, said at every door by the least who may and by one who may not.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditLog } from '../../models/audit-log.ts';
import { outboxRows } from '../../models/outbox-row.ts';
import { wordsOf } from '../../src/core/operation.ts';
import { permissions, type Role, roles } from '../../src/core/permissions.ts';
import { operations } from '../../src/features.ts';
import {
  type ChatDoorName,
  chatDoors,
  type ProgramScene,
  programScene,
} from '../support/talkers/program-scene.ts';
import type { Voice } from '../support/talkers/scene.ts';
import { hireInto } from '../support/talkers/team.ts';

interface Cell {
  readonly operation: (typeof operations)[number];
  readonly door: ChatDoorName;
  /** Null is a stranger. */
  readonly role: Role | null;
  readonly isAllowed: boolean;
}

interface Said extends Cell {
  readonly voice: Voice;
  readonly actorId: string;
}

/** The least role that holds the permission, and whoever stands one below it. */
function cellsOf(operation: Cell['operation'], door: ChatDoorName): readonly Cell[] {
  const { role, strangersToo = false } = permissions[operation.permission] as {
    readonly role: Role;
    readonly strangersToo?: boolean;
  };
  const below = roles[roles.indexOf(role) - 1] ?? null;
  const allowed = { operation, door, role, isAllowed: true };
  if (below === null && door === 'console') return [allowed];
  return [allowed, { operation, door, role: below, isAllowed: below === null && strangersToo }];
}

const cells = operations.flatMap((operation) => chatDoors.flatMap((door) => cellsOf(operation, door)));

/** A slash leads a command everywhere; in Slack our name stands between. */
const lineOf = ({ operation, door }: Cell): string => {
  const line = operation.chat.examples[0] ?? wordsOf(operation);
  return door === 'slack' ? `/ops ${line}` : `/${line}`;
};

let scene: ProgramScene;
const said: Said[] = [];
const confirmed = new Map<ChatDoorName, string[]>(chatDoors.map((door) => [door, []]));

beforeAll(async () => {
  scene = await programScene();
  for (const [n, cell] of cells.entries()) {
    const name = `Person${n}`;
    const person = cell.role && (await hireInto(scene.store, name, cell.role));
    const voice = await scene.voice(cell.door, name, person);
    // Sealing is a job of its own; a chain with open rows of an hour ago would be reported as broken.
    if (cell.operation.name.startsWith('audit.')) await scene.seal();
    await voice.says(lineOf(cell));
    const actorId = person?.actor.id ?? '';
    said.push({ ...cell, voice, actorId });
  }
  await scene.deliver();
  for (const { voice, operation, isAllowed, door } of said) {
    if (!isAllowed || operation.danger !== 'confirm') continue;
    await voice.presses(`Yes, ${wordsOf(operation)}`).then(
      () => confirmed.get(door)?.push(operation.name),
      () => undefined,
    );
  }
  await scene.deliver();
}, 120_000);
afterAll(() => scene.close());

describe('every verb at every door', () => {
  it('is answered, and every answer is one that the platform takes', async () => {
    const rows = await scene.store.records(outboxRows).scoped('default').find({ where: {}, limit: 20_000 });
    const lost = rows.filter(({ status }) => status !== 'sent');
    expect(lost.map(({ destination, problem, status }) => ({ destination, problem, status }))).toEqual([]);
    const silent: string[] = [];
    for (const { voice, operation, door, role } of said) {
      const answers = (await voice.transcript()).filter((line) => !line.startsWith('> '));
      if (answers.length === 0 && !(await voice.isAsked()))
        silent.push(`${operation.name} at ${door} for ${role}`);
    }
    expect(silent).toEqual([]);
  });

  it('says to whom it is refused why, and to nobody else', async () => {
    const refusal = /Your role is \w+\.|I do not know you here yet|is for people alone/;
    const wrong: string[] = [];
    for (const { voice, operation, door, role, isAllowed } of said) {
      const answers = (await voice.transcript()).filter((line) => !line.startsWith('> '));
      if (refusal.test(answers.join('\n')) === isAllowed)
        wrong.push(`${operation.name} at ${door} for ${role}: ${answers}`);
    }
    expect(wrong).toEqual([]);
  });

  it('asks before what is dangerous, and takes the yes', () => {
    const dangerous = operations.filter(({ danger }) => danger === 'confirm').map(({ name }) => name);
    for (const door of chatDoors) expect([...new Set(confirmed.get(door))], door).toEqual(dangerous);
  });

  it('meets no bug', () => {
    const bugs = scene.log.filter((line) =>
      /met a bug|work on an update failed|"level":"?(50|60|error|fatal)/.test(line),
    );
    expect(bugs.slice(0, 10)).toEqual([]);
  });

  it('is carried out for the least who may and refused to one below, who leaves a row in the audit log', async () => {
    const where = { outcome: 'denied' };
    const denials = await scene.store.records(auditLog).scoped('default').find({ where, limit: 20_000 });
    const wrong: string[] = [];
    for (const { operation, door, role, isAllowed, actorId } of said) {
      const own = denials.filter(
        (row) =>
          row.operation === operation.name &&
          row.door === door &&
          (role === null ? row.actorKind === 'stranger' : row.actorId === actorId),
      );
      if (own.length !== (isAllowed ? 0 : 1))
        wrong.push(`${operation.name} at ${door} for ${role ?? 'a stranger'}: ${own.length} denials`);
    }
    expect(wrong).toEqual([]);
  });
});
