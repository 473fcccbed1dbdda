/** Mixed writes with a model beside them: what was acknowledged must be there, whole and once. */
import type { Collection, Db } from 'mongodb';

type Entry = { _id: string; pair: [number, number]; unique: string };
type Counter = { _id: string; left: number; right: number; log: number[] };
type Part = { _id: string; batch: string };

const WORKERS = 8;
const BATCH_PARTS = 5;

/** What the workers know: an operation is acknowledged, or it failed and may or may not have happened. */
export class CrashLoad {
  acknowledged = 0;
  ambiguous = 0;
  readonly #entries: Collection<Entry>;
  readonly #counters: Collection<Counter>;
  readonly #parts: Collection<Part>;
  readonly #present = new Set<string>();
  readonly #absent = new Set<string>();
  readonly #batches = new Map<string, boolean>();
  readonly #counts = new Map<string, { sure: number; maybe: number }>();
  #serial = 0;
  #running = false;

  constructor(db: Db) {
    this.#entries = db.collection('entries');
    this.#counters = db.collection('counters');
    this.#parts = db.collection('parts');
  }

  async prepare(): Promise<void> {
    await this.#entries.createIndex({ unique: 1 }, { unique: true });
    await this.#parts.createIndex({ batch: 1 });
    for (let worker = 0; worker < WORKERS; worker += 1) {
      const _id = `counter-${worker}`;
      await this.#counters.insertOne({ _id, left: 0, right: 0, log: [] });
      this.#counts.set(_id, { sure: 0, maybe: 0 });
    }
  }

  /** Starts the workers; the promise settles when all have ended after `stop`. */
  start(): Promise<unknown> {
    this.#running = true;
    return Promise.all(Array.from({ length: WORKERS }, (_, worker) => this.#work(worker)));
  }

  stop(): void {
    this.#running = false;
  }

  async #work(worker: number): Promise<void> {
    for (let turn = 0; this.#running; turn += 1) {
      const step = (turn + worker) % 4;
      const done = await this.#attempt(step, worker).then(
        () => true,
        () => false,
      );
      if (done) this.acknowledged += 1;
      else this.ambiguous += 1;
    }
  }

  async #attempt(step: number, worker: number): Promise<void> {
    this.#serial += 1;
    if (step === 0) await this.#insert(`entry-${this.#serial}`);
    else if (step === 1) await this.#count(`counter-${worker}`);
    else if (step === 2) await this.#insertBatch(`batch-${this.#serial}`);
    else await this.#insertAndDelete(`gone-${this.#serial}`);
  }

  async #insert(id: string): Promise<void> {
    await this.#entries.insertOne({ _id: id, pair: [this.#serial, this.#serial], unique: `u-${id}` });
    this.#present.add(id);
  }

  async #count(id: string): Promise<void> {
    const known = this.#counts.get(id);
    if (known === undefined) return;
    known.maybe += 1;
    await this.#counters.updateOne(
      { _id: id },
      { $inc: { left: 1, right: 1 }, $push: { log: this.#serial } },
    );
    known.maybe -= 1;
    known.sure += 1;
  }

  async #insertBatch(batch: string): Promise<void> {
    this.#batches.set(batch, false);
    const parts = Array.from({ length: BATCH_PARTS }, (_, part) => ({ _id: `${batch}-${part}`, batch }));
    await this.#parts.insertMany(parts);
    this.#batches.set(batch, true);
  }

  async #insertAndDelete(id: string): Promise<void> {
    await this.#entries.insertOne({ _id: id, pair: [0, 0], unique: `u-${id}` });
    const deleted = await this.#entries.findOneAndDelete({ unique: `u-${id}` });
    if (deleted?._id !== id) throw new Error(`the retried delete of ${id} lost its document`);
    this.#absent.add(id);
  }

  /** Compares the database with the model; each violation as a sentence. The workers must be idle. */
  async violations(): Promise<string[]> {
    const found: string[] = [];
    const entries = await this.#entries.find().toArray();
    const ids = new Set(entries.map((entry) => entry._id));
    for (const id of this.#present) if (!ids.has(id)) found.push(`lost: acknowledged insert ${id}`);
    for (const id of this.#absent) if (ids.has(id)) found.push(`lost: acknowledged delete ${id}`);
    for (const entry of entries) {
      if (entry.pair[0] !== entry.pair[1]) found.push(`half-applied: ${entry._id}`);
      if ((await this.#entries.findOne({ unique: entry.unique }))?._id !== entry._id) {
        found.push(`index: ${entry._id} is not found by its unique key`);
      }
    }
    found.push(...(await this.#batchViolations()), ...(await this.#counterViolations()));
    return found;
  }

  async #batchViolations(): Promise<string[]> {
    const found: string[] = [];
    const sizes = new Map<string, number>();
    for await (const part of this.#parts.find()) sizes.set(part.batch, (sizes.get(part.batch) ?? 0) + 1);
    for (const [batch, sure] of this.#batches) {
      const size = sizes.get(batch) ?? 0;
      if (sure && size !== BATCH_PARTS)
        found.push(`lost: acknowledged ${batch} has ${size} of ${BATCH_PARTS}`);
      else if (size !== 0 && size !== BATCH_PARTS)
        found.push(`half-applied: ${batch} has ${size} of ${BATCH_PARTS}`);
    }
    return found;
  }

  async #counterViolations(): Promise<string[]> {
    const found: string[] = [];
    for await (const { _id, left, right, log } of this.#counters.find()) {
      const { sure, maybe } = this.#counts.get(_id) ?? { sure: 0, maybe: 0 };
      if (left !== right || left !== log.length)
        found.push(`half-applied: ${_id} ${left} ${right} ${log.length}`);
      if (new Set(log).size !== log.length) found.push(`twice: an increment of ${_id} was repeated`);
      if (left < sure) found.push(`lost: ${_id} is ${left}, acknowledged ${sure}`);
      if (left > sure + maybe) found.push(`twice: ${_id} is ${left}, at most ${sure + maybe} were sent`);
    }
    return found;
  }
}
