// `npm run fakes -- [--port N] [--slack-port N] [--telegram-port N] [--app URL]`: both chats to try the program in.
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { createControl } from './control.ts';
import { startSlack } from './slack.ts';
import { startTelegram } from './telegram.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4000' },
    'slack-port': { type: 'string', default: '4001' },
    'telegram-port': { type: 'string', default: '4002' },
    app: { type: 'string', default: 'http://127.0.0.1:3000' },
  },
});

const port = (name: 'port' | 'slack-port' | 'telegram-port'): number => {
  const given = Number(values[name]);
  if (Number.isInteger(given) && given >= 0 && given < 65_536) return given;
  process.stderr.write(`--${name} “${values[name]}” is no port; for example --${name} 4000\n`);
  process.exit(2);
};

const ports = { page: port('port'), slack: port('slack-port'), telegram: port('telegram-port') };
const slack = await startSlack(ports.slack, new URL('/slack/events', values.app).href);
const telegram = await startTelegram(ports.telegram);
const platforms = [slack, telegram];
const control = createControl(platforms);
await new Promise<void>((resolve) => control.listen(ports.page, '127.0.0.1', resolve));

const page = `http://127.0.0.1:${(control.address() as AddressInfo).port}`;
const environment = platforms.flatMap((platform) => platform.environment());
process.stdout.write(
  `Both chats: ${page}\nStart the program beside it, listening at ${values.app}, with:\n\n` +
    `${environment.join('\n')}\n\nready ${page}\n`,
);

let ending = false;
const end = async (): Promise<void> => {
  if (ending) return;
  ending = true;
  control.closeAllConnections();
  control.close();
  await Promise.all(platforms.map((platform) => platform.stop()));
};
process.on('SIGINT', () => void end());
process.on('SIGTERM', () => void end());
