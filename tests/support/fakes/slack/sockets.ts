// Socket Mode: the app connects, gets envelopes, and acknowledges each by its id.
import type { Server } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import { isJson, parsed, textOf } from './json.ts';

const ACK_WITHIN_MS = 3_000;

export interface Envelope {
  readonly type: 'events_api' | 'slash_commands' | 'interactive';
  readonly payload: unknown;
  readonly retryAttempt?: number;
  readonly retryReason?: string;
}

export interface Sockets {
  /** The path and query of a fresh connection, good for one. */
  ticket(): string;
  count(): number;
  /** Sends to one connection; resolves with what was acknowledged, or null when nothing came in 3 s. */
  send(envelope: Envelope): Promise<{ readonly payload: unknown } | null>;
  /** Asks every connection to be opened anew, as Slack does now and then. */
  refresh(): void;
  /** Breaks every connection. */
  drop(): void;
  /** While closed, new connections are refused. */
  close(): void;
}

export function createSockets(server: Server): Sockets {
  const wss = new WebSocketServer({ noServer: true });
  const tickets = new Set<string>();
  const open = new Set<WebSocket>();
  const waiting = new Map<string, (payload: unknown) => void>();
  let count = 0;
  let turn = 0;

  server.on('upgrade', (req, socket, head) => {
    const ticket = new URL(req.url ?? '/', 'http://fake').searchParams.get('ticket') ?? '';
    if (!tickets.delete(ticket)) {
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      return;
    }
    wss.handleUpgrade(req, socket, head, (client) => {
      open.add(client);
      client.on('close', () => open.delete(client));
      client.on('error', () => open.delete(client));
      client.on('message', (data) => acknowledged(data.toString()));
      const info = { app_id: 'A0WARDROOM' };
      client.send(JSON.stringify({ type: 'hello', num_connections: open.size, connection_info: info }));
    });
  });

  function acknowledged(text: string): void {
    const message = parsed(text);
    if (!isJson(message)) return;
    waiting.get(textOf(message['envelope_id']))?.(message['payload']);
  }

  return {
    ticket() {
      count += 1;
      const ticket = `ticket-${count}`;
      tickets.add(ticket);
      return `/socket?ticket=${ticket}`;
    },
    count: () => open.size,
    send({ type, payload, retryAttempt, retryReason }) {
      const clients = [...open];
      turn += 1;
      const client = clients[turn % Math.max(clients.length, 1)];
      if (!client) return Promise.resolve(null);
      count += 1;
      const id = `envelope-${count}`;
      const retry =
        retryAttempt === undefined ? {} : { retry_attempt: retryAttempt, retry_reason: retryReason };
      const envelope = { envelope_id: id, type, accepts_response_payload: true, payload, ...retry };
      return new Promise((resolve) => {
        const end = (answer: { readonly payload: unknown } | null): void => {
          waiting.delete(id);
          clearTimeout(timer);
          resolve(answer);
        };
        const timer = setTimeout(() => end(null), ACK_WITHIN_MS);
        client.once('close', () => end(null));
        waiting.set(id, (given) => end({ payload: given }));
        client.send(JSON.stringify(envelope));
      });
    },
    refresh() {
      for (const client of open) {
        client.send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested' }));
      }
    },
    drop() {
      for (const client of open) client.terminate();
    },
    close() {
      for (const client of open) client.terminate();
      wss.close();
    },
  };
}
