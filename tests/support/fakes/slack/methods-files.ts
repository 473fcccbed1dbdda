// Files in three calls: an address to upload to, the bytes, and the completion.
import { isJson, type Json, listOf, textOf } from './json.ts';
import type { Method, World } from './methods.ts';
import type { SlackFile } from './workspace.ts';

export const fileMethods: Readonly<Record<string, Method>> = {
  'files.getUploadURLExternal': ({ workspace, origin }, given) => {
    const lengthBytes = Number(given['length']);
    const name = textOf(given['filename']);
    if (name === '' || !(lengthBytes > 0)) return { error: 'invalid_arguments' };
    const altText = textOf(given['alt_txt'] ?? given['alt_text']);
    if (altText.length > 1_000) return { error: 'alt_txt_too_large' };
    const id = workspace.freshId('F');
    const file: SlackFile = { id, name, lengthBytes, altText, bytes: null, title: name, readyMs: null };
    workspace.files.set(id, file);
    return { upload_url: `${origin()}/upload/${id}`, file_id: id };
  },
  'files.completeUploadExternal': (world, given) => {
    const wanted = listOf(given['files']).filter(isJson);
    if (wanted.length === 0) return { error: 'invalid_arguments' };
    const found = wanted.map((one) => world.workspace.files.get(textOf(one['id'])));
    if (found.some((file) => !file?.bytes)) return { error: 'file_not_found' };
    return { files: wanted.map((one, n) => complete(world, found[n], one)) };
  },
};

function complete({ nowMs, fileReadyAfterMs }: World, file: SlackFile | undefined, given: Json): Json {
  if (!file) return {};
  file.readyMs = nowMs() + fileReadyAfterMs;
  file.title = textOf(given['title']) || file.name;
  return { id: file.id, title: file.title };
}

/** The bytes of a file; false when nobody asked for its address or the length is another. */
export function takeUpload({ workspace }: World, id: string, bytes: Buffer): boolean {
  const file = workspace.files.get(id);
  if (!file || bytes.length !== file.lengthBytes) return false;
  file.bytes = bytes;
  return true;
}
