// The exact command that sends a row: what a developer copies, with the token in $TOKEN and the address in $WARDROOM.
import type { Stream } from '../../core/stream.ts';

/** A row of that stream which is taken when it is sent now. */
export function curlOf({ name, example }: Stream, now: Date): string {
  const row = JSON.stringify({ ...example, at: now.toISOString() });
  return [
    `curl -sS "$WARDROOM/api/ingest/${name}" -H "authorization: Bearer $TOKEN" \\`,
    '  -H \'content-type: application/x-ndjson\' -H "idempotency-key: $(date +%s)-$$" \\',
    `  --data-binary '${row.replaceAll("'", `'\\''`)}'`,
  ].join('\n');
}
