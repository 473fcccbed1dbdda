// What `npm start` runs: compiles a build that is missing or older than its sources, then becomes the program.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const built = join(root, 'dist/src/main.js');
const program = process.argv[2] ?? 'main';

const modifiedMs = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);

function newestSourceMs() {
  const files = ['src', 'bots', 'jobs', 'models'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.tsx?$/.test(file))
      .map((file) => join(root, folder, file)),
  );
  return Math.max(...files.map(modifiedMs));
}

const canCompile = existsSync(join(root, 'node_modules/typescript')) && existsSync(join(root, 'src/main.ts'));
if (canCompile && newestSourceMs() > modifiedMs(join(root, 'dist/.tsbuildinfo'))) {
  const { status } = spawnSync('npm', ['run', '-s', 'build'], { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) {
    process.stderr.write('The sources do not compile; see the errors above.\n');
    process.exit(1);
  }
}
if (!existsSync(built)) {
  process.stderr.write('There is no build. Run: npm ci\n');
  process.exit(1);
}
// React and Express are faster and quieter so; nothing of ours reads it.
process.env.NODE_ENV ??= 'production';
process.argv.splice(2, 1);
await import(`../dist/src/${program}.js`);
