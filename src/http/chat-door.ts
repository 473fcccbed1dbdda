// The doors of chat platforms: the raw body in, one durable write, then the answer the platform waits for.
import type { Request, RequestHandler, Response } from 'express';
import type { ChatDoor } from './options.ts';
import type { Routes } from './routes.ts';
import { answerMachine, rawBody, textHeaders } from './webhook-door.ts';

/** Each judges by itself who may use it; what it throws is answered as a problem, and sent again. */
export function addChatDoors(routes: Routes, doors: readonly ChatDoor[], limiter: RequestHandler): void {
  for (const door of doors) {
    routes.add('POST', door.path, limiter, async (req: Request, res: Response) => {
      const body = await rawBody(req, res);
      const { status, body: said } = await door.receive({ headers: textHeaders(req), body });
      answerMachine(res, status, said === undefined ? undefined : { text: JSON.stringify(said) });
    });
  }
}
