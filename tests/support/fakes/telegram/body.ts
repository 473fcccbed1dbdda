// Reads the body of a Bot API call: JSON, a form, or multipart with files, into one set of fields.
import type { IncomingMessage } from 'node:http';
import { BotApiError, type Params } from './types.ts';

const LARGEST = 52 * 1024 * 1024;

export interface UploadedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface CallBody {
  readonly params: Params;
  readonly files: ReadonlyMap<string, UploadedFile>;
}

/** @throws BotApiError 413 over 50 MB, 400 for JSON that is none. */
export async function readBody(request: IncomingMessage, query: URLSearchParams): Promise<CallBody> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size > LARGEST) throw new BotApiError(413, 'Request Entity Too Large');
    parts.push(part);
  }
  const given = Object.fromEntries(query);
  const body = Buffer.concat(parts);
  const type = request.headers['content-type'] ?? '';
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)"?/i.exec(type)?.[1];
  if (boundary !== undefined) return readMultipart(body, boundary, given);
  if (body.length === 0) return { params: given, files: new Map() };
  if (type.startsWith('application/json'))
    return { params: { ...given, ...parseJson(body.toString('utf8')) }, files: new Map() };
  return {
    params: { ...given, ...Object.fromEntries(new URLSearchParams(body.toString())) },
    files: new Map(),
  };
}

function parseJson(text: string): Params {
  try {
    return JSON.parse(text) as Params;
  } catch {
    throw new BotApiError(400, "Bad Request: can't parse JSON object");
  }
}

function readMultipart(body: Buffer, boundary: string, given: Params): CallBody {
  const params: Record<string, unknown> = { ...given };
  const files = new Map<string, UploadedFile>();
  const mark = Buffer.from(`--${boundary}`);
  let from = body.indexOf(mark);
  while (from >= 0) {
    const next = body.indexOf(mark, from + mark.length);
    if (next < 0) break;
    const part = body.subarray(from + mark.length + 2, next - 2);
    const gap = part.indexOf('\r\n\r\n');
    const head = part.subarray(0, Math.max(gap, 0)).toString('utf8');
    const content = part.subarray(gap + 4);
    const name = /name="([^"]*)"/i.exec(head)?.[1] ?? '';
    const fileName = /filename="([^"]*)"/i.exec(head)?.[1];
    if (fileName === undefined) params[name] = content.toString('utf8');
    else files.set(name, { name: fileName, bytes: new Uint8Array(content) });
    from = next;
  }
  return { params, files };
}
