// The fake's own web server: tokens, arguments, faults and rate limits, then the method.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Fault, Faults, RateLimits } from './faults.ts';
import { isJson, type Json, parsed, textOf } from './json.ts';
import { methods, type World } from './methods.ts';
import { refuseContent } from './methods-chat.ts';
import { takeUpload } from './methods-files.ts';
import type { ResponsePlace } from './triggers.ts';

/** A call as it came, for tests to look at. */
export interface ApiCall {
  readonly method: string;
  readonly given: Json;
  readonly atMs: number;
  /** `ok`, or the error that was answered. */
  readonly outcome: string;
}

export interface WebApiOptions {
  readonly world: World;
  readonly tokens: { readonly bot: string; readonly app: string };
  readonly faults: Faults;
  readonly limits: RateLimits;
  readonly calls: ApiCall[];
  /** Bot tokens that are answered `token_revoked`. */
  readonly revoked: Set<string>;
}

export function createWebApi(options: WebApiOptions): Server {
  return createServer((req, res) => {
    void answer(options, req, res).catch(() => res.destroy());
  });
}

async function answer(options: WebApiOptions, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const path = new URL(req.url ?? '/', 'http://fake').pathname;
  const body = await bytesOf(req);
  const api = /^\/api\/([\w.]+)$/.exec(path);
  if (api?.[1]) return answerApi(options, api[1], { req, res, body });
  const upload = /^\/upload\/(\w+)$/.exec(path);
  if (upload?.[1]) {
    const taken = takeUpload(options.world, upload[1], uploadBytes(req, body));
    res.writeHead(taken ? 200 : 400).end(taken ? 'OK' : 'no such upload');
    return;
  }
  if (path.startsWith('/response/')) return answerResponse(options, path, body, res);
  res.writeHead(404).end('not found');
}

interface Exchange {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly body: Buffer;
}

async function answerApi(
  options: WebApiOptions,
  method: string,
  { req, res, body }: Exchange,
): Promise<void> {
  const { world, faults, limits, calls } = options;
  const given = argumentsOf(req, body);
  const channel = textOf(given['channel']);
  const note = (outcome: string): void => {
    calls.push({ method, given, atMs: world.nowMs(), outcome });
  };
  const fault = faults.meet(method, channel);
  if (fault && fault.kind !== 'lost') {
    note(fault.kind);
    return showFault(fault, res);
  }
  const refused = refuseToken(options, method, textOf(req.headers.authorization).replace('Bearer ', ''));
  if (refused) {
    note(refused);
    sendJson(res, { ok: false, error: refused });
    return;
  }
  const wait = limits.waitFor(method, channel);
  if (wait !== null) {
    note('ratelimited');
    return showFault({ kind: 'rate_limited', retryAfterSeconds: wait }, res);
  }
  const known = methods[method];
  const answered = known ? known(world, given) : { error: 'unknown_method' };
  const error = 'error' in answered ? textOf(answered['error']) : '';
  note(error || 'ok');
  if (fault) {
    res.destroy();
    return;
  }
  sendJson(res, { ok: error === '', ...answered });
}

function refuseToken({ tokens, revoked }: WebApiOptions, method: string, token: string): string | null {
  if (token === '') return 'not_authed';
  if (revoked.has(token)) return 'token_revoked';
  if (token !== tokens.bot && token !== tokens.app) return 'invalid_auth';
  const wanted = method === 'apps.connections.open' ? tokens.app : tokens.bot;
  return token === wanted ? null : 'not_allowed_token_type';
}

function showFault(fault: Exclude<Fault, { kind: 'lost' }>, res: ServerResponse): void {
  switch (fault.kind) {
    case 'rate_limited':
      res.writeHead(429, { 'Retry-After': String(fault.retryAfterSeconds) });
      res.end(JSON.stringify({ ok: false, error: 'ratelimited' }));
      return;
    case 'status':
      res.writeHead(fault.status).end('upstream trouble');
      return;
    case 'error':
      sendJson(res, { ok: false, error: fault.error });
      return;
    case 'reset':
      res.destroy();
      return;
    case 'silent':
      // The connection stays open and nothing comes.
      return;
  }
}

/** A response address: an answer for one person, or to the channel, without a token. */
function answerResponse(
  { world, calls }: WebApiOptions,
  path: string,
  body: Buffer,
  res: ServerResponse,
): void {
  const value = parsed(body.toString('utf8'));
  const given = isJson(value) ? value : {};
  const place = world.triggers.respond(path);
  const refused = place ? refuseContent(world, given) : { error: 'used_url' };
  const deletes = given['delete_original'] === true;
  const error = refused && !(deletes && place) ? textOf(refused['error']) : '';
  calls.push({ method: 'response_url', given, atMs: world.nowMs(), outcome: error || 'ok' });
  if (error || !place) {
    res.writeHead(404).end(JSON.stringify({ ok: false, error: error || 'used_url' }));
    return;
  }
  showResponse(world, place, given);
  res.writeHead(200).end('ok');
}

function showResponse({ workspace, nowMs }: World, place: ResponsePlace, given: Json): void {
  const original = workspace.messages.find(
    ({ ts, channel }) => ts === place.messageTs && channel === place.channel,
  );
  const blocks = Array.isArray(given['blocks']) ? given['blocks'].filter(isJson) : [];
  if (original && given['delete_original'] === true) {
    workspace.messages.splice(workspace.messages.indexOf(original), 1);
    return;
  }
  if (original && given['replace_original'] === true) {
    original.text = textOf(given['text']);
    original.blocks = blocks;
    original.edits += 1;
    return;
  }
  workspace.messages.push({
    ts: workspace.freshTs(),
    channel: place.channel,
    user: workspace.bot.id,
    byBot: true,
    text: textOf(given['text']),
    blocks,
    threadTs: textOf(given['thread_ts']) || null,
    onlyFor: given['response_type'] === 'in_channel' ? null : place.user,
    metadata: null,
    edits: 0,
    atMs: nowMs(),
  });
}

function sendJson(res: ServerResponse, value: unknown): void {
  res.writeHead(200, { 'Content-Type': 'application/json; charset=utf-8' }).end(JSON.stringify(value));
}

/** Forms carry objects as JSON text; `true` and `false` are words there. */
function argumentsOf(req: IncomingMessage, body: Buffer): Json {
  const text = body.toString('utf8');
  if (textOf(req.headers['content-type']).startsWith('application/json')) {
    const value = parsed(text);
    return isJson(value) ? value : {};
  }
  return Object.fromEntries(
    [...new URLSearchParams(text)].map(([name, value]) => [name, formValue(name, value)]),
  );
}

const STRUCTURED = new Set(['blocks', 'view', 'metadata', 'files', 'attachments']);

function formValue(name: string, value: string): unknown {
  if (STRUCTURED.has(name)) return parsed(value) ?? value;
  if (value === 'true' || value === 'false') return value === 'true';
  return value;
}

/** The bytes as sent, or the one file of a multipart form. */
function uploadBytes(req: IncomingMessage, body: Buffer): Buffer {
  const boundary = /boundary=(\S+)/.exec(textOf(req.headers['content-type']))?.[1];
  if (boundary === undefined) return body;
  const start = body.indexOf('\r\n\r\n') + 4;
  const end = body.indexOf(`\r\n--${boundary}`, start);
  return body.subarray(start, end);
}

async function bytesOf(req: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
