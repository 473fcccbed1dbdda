// Pictures for chat: SVG to PNG with the fonts that are shipped, one at a time, in little memory.
import { AppError } from '../core/errors.ts';
import { packageFile } from './assets.ts';

export interface PngOptions {
  /** Pixels; the SVG's own width times `scale` unless told. */
  readonly width?: number;
  /** Pixels of the picture for one of the SVG; 2 unless told, for sharp text on phones. */
  readonly scale?: number;
}

type Sharp = typeof import('sharp').default;

const PIXELS_MAX = 16_000_000;

let sharpOnce: Promise<Sharp> | undefined;
let queue: Promise<unknown> = Promise.resolve();

/**
 * Draws an SVG as a palette PNG. Calls are served one after the other.
 * @throws AppError `internal.bug` when the SVG cannot be read or would be larger than 16 million pixels.
 */
export function svgToPng(svg: string, options: PngOptions = {}): Promise<Uint8Array> {
  const drawn = queue.then(() => draw(svg, options));
  queue = drawn.catch(() => undefined);
  return drawn;
}

async function draw(svg: string, { width, scale = 2 }: PngOptions): Promise<Uint8Array> {
  sharpOnce ??= loadSharp();
  const sharp = await sharpOnce;
  try {
    const picture = sharp(Buffer.from(svg), { density: 72 * scale, limitInputPixels: PIXELS_MAX });
    const sized = width === undefined ? picture : picture.resize({ width });
    return new Uint8Array(await sized.png({ palette: true }).toBuffer());
  } catch (cause) {
    throw new AppError('internal.bug', 'The picture could not be drawn.', {
      cause,
      internal: cause instanceof Error ? cause.message : String(cause),
    });
  }
}

/** sharp reads the list of fonts once, when it is loaded: text without a font vanishes without an error. */
async function loadSharp(): Promise<Sharp> {
  process.env['FONTCONFIG_FILE'] = packageFile('src/ui/fonts/fonts.conf');
  const { default: sharp } = await import('sharp');
  sharp.concurrency(1);
  sharp.cache(false);
  return sharp;
}
