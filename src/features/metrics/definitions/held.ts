// Definitions of the team's own work: tasks, experiments, approvals, alerts, protocol and chat, counted where they are kept.
import { type Expression, type Metric, metric, over } from '../definition.ts';

/** What the program holds and can count. */
export const heldThings = [
  'tasks added',
  'tasks done',
  'tasks open',
  'experiments running',
  'requests decided',
  'requests open',
  'alerts raised',
  'alerts open',
  'runs',
  'runs gone well',
  'slots missed',
  'messages answered',
  'people heard',
] as const;
export type HeldThing = (typeof heldThings)[number];

export interface HeldCounts {
  /** How many of a thing there were in a stretch of time, half open; of what stands now, how many there are. */
  count(tenant: string, thing: HeldThing, from: Date, to: Date): Promise<number>;
  /** The mean time from a request to its decision in milliseconds, of those decided then; null without any. */
  decisionMs(tenant: string, from: Date, to: Date): Promise<number | null>;
}

const counted = { section: 'Operations', owner: 'operations', unit: 'count', rows: null } as const;
const source = 'our choice: counted in the records of the product itself';

/** The metrics of what the program itself holds. */
export function heldMetrics(held: HeldCounts): readonly Metric[] {
  const count = (thing: HeldThing): Expression => ({
    kind: 'read',
    read: async ({ tenant, from, to }) => new Map([['', await held.count(tenant, thing, from, to)]]),
  });
  const decision: Expression = {
    kind: 'read',
    read: async ({ tenant, from, to }) => new Map([['', await held.decisionMs(tenant, from, to)]]),
  };
  return [
    metric({
      ...counted,
      source,
      id: 'tasks-done',
      name: { en: 'Tasks done', hi: 'पूरे हुए काम' },
      formula: 'tasks that were finished in the period',
      polarity: 'up',
      value: count('tasks done'),
    }),
    metric({
      ...counted,
      source,
      id: 'tasks-added',
      name: { en: 'Tasks added', hi: 'नए काम' },
      formula: 'tasks that were added in the period',
      polarity: 'none',
      value: count('tasks added'),
    }),
    metric({
      ...counted,
      source,
      id: 'tasks-open',
      aliases: ['open-tasks'],
      name: { en: 'Tasks open', hi: 'बाकी काम' },
      formula: 'tasks that are neither done nor dropped now',
      polarity: 'down',
      knows: 'present',
      headline: true,
      value: count('tasks open'),
    }),
    metric({
      ...counted,
      source,
      id: 'experiments-running',
      name: { en: 'Experiments running', hi: 'चल रहे प्रयोग' },
      formula: 'experiments that run now',
      polarity: 'none',
      knows: 'present',
      headline: true,
      value: count('experiments running'),
    }),
    metric({
      ...counted,
      source,
      id: 'approvals-open',
      aliases: ['proposals-open'],
      name: { en: 'Approvals open', hi: 'बाकी मंज़ूरियाँ' },
      formula: 'requests that wait for votes now',
      polarity: 'down',
      knows: 'present',
      value: count('requests open'),
    }),
    metric({
      ...counted,
      source,
      id: 'approvals-decided',
      name: { en: 'Approvals decided', hi: 'तय हुई मंज़ूरियाँ' },
      formula: 'requests that were approved or rejected in the period',
      polarity: 'none',
      value: count('requests decided'),
    }),
    metric({
      ...counted,
      source,
      id: 'decision-time',
      name: { en: 'Time to a decision', hi: 'फ़ैसले का समय' },
      formula: 'mean time from a request to its decision, of those decided in the period',
      unit: 'ms',
      polarity: 'down',
      value: decision,
    }),
    metric({
      ...counted,
      source,
      id: 'alerts-raised',
      name: { en: 'Alerts raised', hi: 'उठी चेतावनियाँ' },
      formula: 'alerts that began to fire in the period',
      polarity: 'down',
      value: count('alerts raised'),
    }),
    metric({
      ...counted,
      source,
      id: 'alerts-open',
      aliases: ['open-alerts'],
      name: { en: 'Alerts open', hi: 'खुली चेतावनियाँ' },
      formula: 'alerts that fire now',
      polarity: 'down',
      knows: 'present',
      headline: true,
      value: count('alerts open'),
    }),
    metric({
      ...counted,
      source,
      id: 'protocol-runs',
      name: { en: 'Protocol runs', hi: 'प्रोटोकॉल के रन' },
      formula: 'runs that ended in the period, missed slots not counted',
      polarity: 'none',
      value: count('runs'),
    }),
    metric({
      ...counted,
      source,
      id: 'protocol-success',
      name: { en: 'Protocol success', hi: 'सफल प्रोटोकॉल रन' },
      formula: 'runs without a failed step, of those that ended in the period',
      unit: 'ratio',
      polarity: 'up',
      value: over(count('runs gone well'), count('runs')),
    }),
    metric({
      ...counted,
      source,
      id: 'slots-missed',
      name: { en: 'Slots missed', hi: 'छूटे स्लॉट' },
      formula: 'slots of the protocol that passed without a run',
      polarity: 'down',
      value: count('slots missed'),
    }),
    metric({
      ...counted,
      source,
      id: 'chat-messages',
      name: { en: 'Messages answered', hi: 'जवाब दिए गए संदेश' },
      formula: 'messages and presses of people that were answered in the period',
      polarity: 'up',
      value: count('messages answered'),
    }),
    metric({
      ...counted,
      source,
      id: 'staff-active',
      name: { en: 'Staff active', hi: 'सक्रिय टीम' },
      formula: 'people of the team who wrote or pressed something in the period',
      polarity: 'up',
      value: count('people heard'),
    }),
  ];
}
