// What a job is: a name, when it beats, what happens when a beat was missed, and the service it calls.

export interface Job {
  /** `noun.verb`, as the log and docs/jobs.md have it. */
  readonly name: string;
  /** How often, in words that Agenda reads, such as `30 seconds` or `1 day`. */
  readonly every: string;
  /** `once`: a missed beat is made up for once at the next start. `skip`: the next beat does. */
  readonly misfire: 'once' | 'skip';
  readonly about: string;
  run(stop: AbortSignal): Promise<void>;
}
