/** The logical time of the one member: what each answer tells of it, so that clients can read after their writes. */
import { Binary, Long, Timestamp } from 'bson';
import { encodeBson } from './bson-codec.ts';

/** A member without keys signs nothing. */
const SIGNATURE = { hash: new Binary(Buffer.alloc(20)), keyId: Long.ZERO };
const OPERATION_TIME = 'operationTime\0';
const TIME_NAMES = ['clusterTime\0', OPERATION_TIME];

/** https://www.mongodb.com/docs/manual/reference/command/nav-crud/ : `$clusterTime` and `operationTime` of answers. */
export class ClusterClock {
  readonly #fields: Buffer;
  /** The same bytes from `operationTime` on. */
  readonly #operationTime: Buffer;
  readonly #timesAt: readonly number[];
  #second: number;
  #count = 1;

  constructor(nowMs: number) {
    this.#second = Math.floor(nowMs / 1000);
    const doc = encodeBson({
      $clusterTime: { clusterTime: this.time, signature: SIGNATURE },
      operationTime: this.time,
    });
    this.#fields = doc.subarray(4, -1);
    this.#operationTime = this.#fields.subarray(this.#fields.lastIndexOf(OPERATION_TIME) - 1);
    this.#timesAt = TIME_NAMES.map((name) => this.#fields.lastIndexOf(name) + name.length);
  }

  /** Counts a write: the time grows by one, or to this second. */
  tick(nowMs: number): void {
    const second = Math.floor(nowMs / 1000);
    this.#count = second > this.#second ? 1 : this.#count + 1;
    this.#second = Math.max(second, this.#second);
    for (const at of this.#timesAt) {
      this.#fields.writeUInt32LE(this.#count, at);
      this.#fields.writeUInt32LE(this.#second, at + 4);
    }
  }

  /** The time of the last write. */
  get time(): Timestamp {
    return new Timestamp({ t: this.#second, i: this.#count });
  }

  get second(): number {
    return this.#second;
  }

  /**
   * The two fields as BSON elements, to be put at the end of an answer; valid until the next tick. Without the
   * cluster time when the client knows its second: decoding it with every answer costs a driver a twentieth of
   * an insert.
   */
  fields(isTold: boolean): Buffer {
    return isTold ? this.#operationTime : this.#fields;
  }
}
