// The one permission table: what each permission allows, and the least role that holds it.

export const roles = ['viewer', 'user', 'manager', 'admin', 'owner'] as const;
export type Role = (typeof roles)[number];

interface PermissionEntry {
  readonly role: Role;
  readonly allows: string;
  /** A decision that a person answers for: no service account takes it, whatever its role. */
  readonly forPeopleAlone?: true;
  /** What an account may do that nobody has linked to a person yet: become somebody. */
  readonly strangersToo?: true;
}

const table = {
  'room.use': { role: 'viewer', allows: 'ask for help, for oneself and for the reasons of a refusal' },
  'self.manage': {
    role: 'viewer',
    allows: 'see who one is here, and link one’s own chat accounts',
    strangersToo: true,
  },
  'task.read': { role: 'viewer', allows: 'see tasks' },
  'task.write': { role: 'user', allows: 'add, take, finish and drop tasks' },
  'task.import': { role: 'manager', allows: 'import tasks from a file' },
  'approval.read': { role: 'viewer', allows: 'see the requests that one may decide or has made' },
  'approval.vote': {
    role: 'user',
    allows: 'vote on the requests whose own permission one holds',
    forPeopleAlone: true,
  },
  'approval.withdraw': { role: 'user', allows: 'take one’s own requests back; an admin takes back any' },
  'experiment.read': { role: 'viewer', allows: 'see experiments, their evidence and charts' },
  'experiment.import': { role: 'manager', allows: 'import exposures of an experiment' },
  'experiment.approve': {
    role: 'manager',
    allows: 'approve or reject a proposed switch, and roll one back',
    forPeopleAlone: true,
  },
  'experiment.propose': { role: 'manager', allows: 'ask that others approve a switch' },
  'experiment.manage': { role: 'admin', allows: 'start and stop experiments and set their policy' },
  'protocol.read': { role: 'viewer', allows: 'see protocol runs' },
  'protocol.run': { role: 'manager', allows: 'run the protocol on demand' },
  'protocol.manage': { role: 'admin', allows: 'pause and resume the protocol' },
  'alert.read': { role: 'viewer', allows: 'see alerts' },
  'alert.act': { role: 'user', allows: 'acknowledge, take, silence, raise and resolve alerts' },
  'alert.manage': { role: 'admin', allows: 'set who is called about alerts and when it is quiet' },
  'webhook.read': { role: 'manager', allows: 'see what webhooks brought and what was refused' },
  'webhook.manage': { role: 'admin', allows: 'add webhook sources, change their secrets, test and replay' },
  'ingest.read': { role: 'viewer', allows: 'see streams and how fresh they are' },
  'fact.read': { role: 'manager', allows: 'see the facts behind a number, and rows that were refused' },
  'ingest.write': { role: 'manager', allows: 'send and import facts, and replay rows that were refused' },
  'metrics.read': { role: 'viewer', allows: 'see metrics and export them' },
  'ingest.manage': { role: 'admin', allows: 'add, pause and remove scheduled pulls' },
  'audit.read': { role: 'manager', allows: 'read and verify the audit log' },
  'people.read': { role: 'manager', allows: 'see who is on the team' },
  'people.manage': { role: 'admin', allows: 'invite people, change roles, make and revoke tokens' },
  'endpoint.read': { role: 'manager', allows: 'see the endpoints that events are sent to' },
  'endpoint.manage': { role: 'admin', allows: 'add, change and test endpoints, and send events again' },
  'mail.read': { role: 'manager', allows: 'see mails and how far they came, with addresses masked' },
  'mail.manage': {
    role: 'admin',
    allows: 'see whole addresses, send test mails, send mails again, and say who gets none',
  },
  'operations.read': { role: 'manager', allows: 'see the outbox, jobs and health in detail' },
  'operations.manage': { role: 'admin', allows: 'send dead letters again, run and pause jobs' },
} as const satisfies Record<string, PermissionEntry>;

export type Permission = keyof typeof table;

export const permissions: Readonly<Record<Permission, PermissionEntry>> = table;

/** Whether a role holds a permission: roles are ordered, and each holds what the lesser ones hold. */
export function holds(role: Role, permission: Permission): boolean {
  return roles.indexOf(role) >= roles.indexOf(permissions[permission].role);
}
