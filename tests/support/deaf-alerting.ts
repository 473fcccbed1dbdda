// Alerts that nobody hears: for tests of what raises them on the way to something else.
import type { Alerting } from '../../src/core/alerting.ts';

export const deafAlerting: Alerting = { raise: async () => true, resolve: async () => false };
