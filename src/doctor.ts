// Checks what the program stands on, and says for each thing how it is and how to mend it.
import { readConfig } from './config.ts';
import { AppError } from './core/errors.ts';
import { openWorkbench } from './workbench.ts';

interface Finding {
  readonly what: string;
  readonly isWell: boolean;
  readonly detail: string;
}

const MAX_SKEW_MS = 2000;

/** @throws AppError when something is not well, after all findings were said; ConfigError for the configuration. */
export async function runDoctor(say: (text: string) => void, asJson: boolean): Promise<void> {
  readConfig();
  const configuration = { what: 'configuration', isWell: true, detail: 'every variable can be read' };
  const findings = [configuration, ...(await examine())];
  const lines = findings.map(({ what, isWell, detail }) => `${isWell ? '●' : '■'} ${what}: ${detail}`);
  say(asJson ? JSON.stringify({ findings }, null, 2) : lines.join('\n'));
  const ill = findings.filter((finding) => !finding.isWell);
  if (ill.length > 0)
    throw new AppError('remote.unavailable', `${ill.length} of ${findings.length} checks failed.`);
}

async function examine(): Promise<Finding[]> {
  const bench = await openWorkbench();
  try {
    const { database, program, ports, config } = bench;
    const ms = await database.database.ping();
    const outbox = await program.outbox.health();
    return [
      {
        what: 'database',
        isWell: ms < 1000,
        detail: `${database.kind} at ${database.where} answers in ${ms.toFixed(1)} ms`,
      },
      clockSkew(await database.database.serverTime(), ports.clock.now()),
      {
        what: 'outbox',
        isWell: outbox.dead === 0,
        detail:
          outbox.dead === 0
            ? `${outbox.waiting} messages wait`
            : `${outbox.dead} dead letters; “outbox list” shows them`,
      },
      {
        what: 'mail',
        isWell: true,
        detail: config.RESEND_API_KEY
          ? 'is sent by Resend'
          : 'is recorded and not sent: see /admin/mail (RESEND_API_KEY)',
      },
      {
        what: 'switch webhook',
        isWell: true,
        detail: config.N8N_WEBHOOK_AB_UPDATE
          ? 'is set'
          : 'is not set: switches are not sent on (N8N_WEBHOOK_AB_UPDATE)',
      },
    ];
  } finally {
    await bench.close();
  }
}

function clockSkew(theirs: Date | undefined, now: Date): Finding {
  if (!theirs) return { what: 'clock', isWell: true, detail: 'the database does not tell its time' };
  const skewMs = Math.abs(theirs.getTime() - now.getTime());
  const detail = `${skewMs} ms apart from the database’s${skewMs > MAX_SKEW_MS ? '; run a time service (NTP) on both machines' : ''}`;
  return { what: 'clock', isWell: skewMs <= MAX_SKEW_MS, detail };
}
