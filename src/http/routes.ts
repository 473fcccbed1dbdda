// A list of addresses and methods: what is added answers, and a known address refuses other methods with 405.
import type { Express, Request, RequestHandler, Response } from 'express';
import { AppError } from '../core/errors.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export type Answer = (req: Request, res: Response) => Promise<void> | void;

export interface Routes {
  add(method: Method, path: string, ...steps: readonly [...RequestHandler[], Answer]): void;
  /** To be called last: refuses other methods on the addresses that were added. */
  close(): void;
}

const verbs = { GET: 'get', POST: 'post', PUT: 'put', PATCH: 'patch', DELETE: 'delete' } as const;

export function routesOf(app: Express): Routes {
  const methods = new Map<string, Set<string>>();
  return {
    add(method, path, ...steps) {
      const known = methods.get(path) ?? new Set<string>();
      methods.set(path, known.add(method));
      app[verbs[method]](path, ...steps);
    },
    close() {
      for (const [path, known] of methods) app.all(path, refuseMethod(known));
    },
  };
}

function refuseMethod(known: ReadonlySet<string>): Answer {
  const allowed = [...known, ...(known.has('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
  return (req, res) => {
    res.set('Allow', allowed);
    if (req.method === 'OPTIONS') {
      res.status(204).end();
      return;
    }
    throw new AppError('http.method', `${req.method} is not answered here; these are: ${allowed}.`);
  };
}
