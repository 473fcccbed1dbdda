// Every verb of people: oneself and one's accounts, the team, API tokens and sessions.
import { accessOperations } from './access-operations.ts';
import { identityOperations } from './identity-operations.ts';
import { ownOperations } from './own-operations.ts';
import { teamOperations } from './team-operations.ts';

export const peopleOperations = [
  ...identityOperations,
  ...ownOperations,
  ...teamOperations,
  ...accessOperations,
];
