// The doors of chat platforms: the raw body in, one durable write, then the answer the platform waits for.
import type { Request, Response } from 'express';
import type { ChatDoor } from './options.ts';
import type { Routes } from './routes.ts';
import { rawBody, textHeaders } from './webhook-door.ts';

/** Each judges by itself who may use it; what it throws is answered as a problem, and sent again. */
export function addChatDoors(routes: Routes, doors: readonly ChatDoor[]): void {
  for (const door of doors) {
    routes.add('POST', door.path, async (req: Request, res: Response) => {
      const body = await rawBody(req, res);
      const answer = await door.receive({ headers: textHeaders(req), body });
      res.status(answer.status).set('Cache-Control', 'no-store');
      if (answer.body === undefined) res.end();
      else res.json(answer.body);
    });
  }
}
