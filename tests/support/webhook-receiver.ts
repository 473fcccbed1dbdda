// A server that takes webhooks as n8n would, remembers each call, and answers as it is told.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedCall {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** What it was answered. */
  readonly status: number;
}

export interface WebhookReceiver {
  readonly url: string;
  readonly calls: readonly ReceivedCall[];
  /** The next calls are answered with these; others with 200. */
  answerNext(...statuses: number[]): void;
  close(): Promise<void>;
}

export async function startReceiver(): Promise<WebhookReceiver> {
  const calls: ReceivedCall[] = [];
  const statuses: number[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const status = statuses.shift() ?? 200;
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    );
    calls.push({ headers, body: Buffer.concat(parts).toString('utf8'), status });
    response.writeHead(status).end(status === 200 ? 'ok' : 'the workflow failed');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/webhook/ab-update`,
    calls,
    answerNext: (...given) => {
      statuses.push(...given);
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
