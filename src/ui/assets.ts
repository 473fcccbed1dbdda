// The files that pages are dressed with, found from the package's root and named by what is in them.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const files = {
  'pico.css': 'node_modules/@picocss/pico/css/pico.min.css',
  'wardroom.css': 'src/ui/assets/wardroom.css',
  'htmx.js': 'node_modules/htmx.org/dist/htmx.min.js',
  'wardroom.js': 'src/ui/assets/wardroom.js',
  'icon.svg': 'src/ui/assets/icon.svg',
} as const;

export type AssetName = keyof typeof files;

export interface Asset {
  readonly name: AssetName;
  /** `/assets/<stem>.<hash>.<extension>`: it may be cached for ever. */
  readonly url: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

const types: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

let loaded: ReadonlyMap<AssetName, Asset> | undefined;

/** Every asset by name, read once. @throws Error when a file is missing: the installation is broken. */
export function assets(): ReadonlyMap<AssetName, Asset> {
  loaded ??= new Map((Object.keys(files) as AssetName[]).map((name) => [name, readAsset(name)]));
  return loaded;
}

/** The address under which the web server serves an asset. */
export function assetUrl(name: AssetName): string {
  const asset = assets().get(name);
  if (!asset) throw new Error(`there is no asset “${name}”`);
  return asset.url;
}

/** The asset at an address such as `/assets/wardroom.1f2e3d4c5b.css`, if there is one. */
export function assetAt(url: string): Asset | undefined {
  return [...assets().values()].find((asset) => asset.url === url);
}

/** A file by its path from the package's root, whether this runs from `src` or from `dist`. */
export function packageFile(path: string): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('no package.json above the user interface');
    folder = parent;
  }
  return join(folder, path);
}

function readAsset(name: AssetName): Asset {
  const bytes = readFileSync(packageFile(files[name]));
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 10);
  const [stem = name, extension = ''] = name.split('.');
  return {
    name,
    bytes,
    url: `/assets/${stem}.${hash}.${extension}`,
    type: types[extension] ?? 'application/octet-stream',
  };
}
