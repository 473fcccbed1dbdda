/** A client that repeats every unanswered write with its old number: each must then have happened once. */
import { randomUUID } from 'node:crypto';
import { Long, UUID } from 'bson';
import { WireClient } from '../support/wire-client.ts';

const RECONNECT_MS = 20;

/** Counts with findAndModify under one session, repeating across crashes until answered. */
export class Retrier {
  readonly #port: number;
  readonly #lsid = { id: new UUID(randomUUID()) };
  readonly violations: string[] = [];
  repeats = 0;
  done = 0;
  #client: WireClient | undefined;
  #running = false;

  constructor(port: number) {
    this.#port = port;
  }

  async start(): Promise<void> {
    this.#running = true;
    while (this.#running) await this.#countOnce();
  }

  stop(): void {
    this.#running = false;
  }

  close(): void {
    this.#client?.close();
  }

  async #countOnce(): Promise<void> {
    const wanted = this.done + 1;
    const command = {
      findAndModify: 'retried',
      query: { _id: 'counter' },
      update: { $inc: { n: 1 } },
      upsert: true,
      new: true,
      $db: 'crash',
      lsid: this.#lsid,
      txnNumber: Long.fromNumber(wanted),
    };
    for (;;) {
      const answer = await this.#send(command);
      if (answer === undefined) {
        this.repeats += 1;
        continue;
      }
      if (answer['ok'] !== 1) this.violations.push(`retry: ${String(answer['errmsg'])}`);
      else if (answer['value']?.['n'] !== wanted) {
        this.violations.push(`retry: write ${wanted} answered ${String(answer['value']?.['n'])}`);
      }
      this.done = wanted;
      return;
    }
  }

  async #send(command: object): Promise<{ [field: string]: unknown; value?: { n?: number } } | undefined> {
    try {
      this.#client ??= await WireClient.connect(this.#port);
      return await this.#client.command(command);
    } catch {
      this.#client = undefined;
      await new Promise((resolve) => setTimeout(resolve, RECONNECT_MS));
      return undefined;
    }
  }
}
