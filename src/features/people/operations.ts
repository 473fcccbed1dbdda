// Every verb of people: me, the team, API tokens and sessions.
import { accessOperations } from './access-operations.ts';
import { teamOperations } from './team-operations.ts';

export const peopleOperations = [...teamOperations, ...accessOperations];
