// Where a platform calls us over HTTP: what cannot be stored is answered 500, so that it is sent again.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ChatDoor } from '../../../src/http/options.ts';

type Door = Pick<ChatDoor, 'receive'>;

export interface Entrance {
  readonly url: string;
  /** The door of the process of this moment. */
  door: Door | null;
  close(): Promise<void>;
}

export async function openEntrance(): Promise<Entrance> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      );
      const answer = await taken({ headers, body: Buffer.concat(chunks) });
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      response.end(answer.body === undefined ? '' : JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const entrance: Entrance = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    door: null,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  const taken = async (request: Parameters<Door['receive']>[0]): ReturnType<Door['receive']> =>
    (await entrance.door?.receive(request).catch(() => null)) ?? { status: 500 };
  return entrance;
}
