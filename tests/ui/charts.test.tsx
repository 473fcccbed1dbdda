// Charts and their pictures: what is drawn is what was given, and text never vanishes from a picture.
import fc from 'fast-check';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { Bars } from '../../src/ui/charts/bars.tsx';
import { LineFigure } from '../../src/ui/charts/chart-figure.tsx';
import { narrow } from '../../src/ui/charts/chart-frame.tsx';
import { chartSvg } from '../../src/ui/charts/chart-svg.tsx';
import { keepApart } from '../../src/ui/charts/line-scales.ts';
import { LineWithBand } from '../../src/ui/charts/line-with-band.tsx';
import { Sparkline } from '../../src/ui/charts/sparkline.tsx';
import { wallTime } from '../../src/ui/charts/zoned-axis.ts';
import { svgToPng } from '../../src/ui/png.ts';
import { conversion, retention } from './sample-pages.tsx';

describe('a line chart', () => {
  it('carries its finding and description for those who cannot see it, and its names where the lines end', () => {
    const svg = renderToStaticMarkup(<LineWithBand {...conversion} />);

    expect(svg).toContain('role="img"');
    expect(svg).toContain(`<title id="conversion-wide-title">${conversion.finding}</title>`);
    expect(svg).toContain(`<desc id="conversion-wide-desc">${conversion.description}</desc>`);
    expect(svg).toMatch(/credit_5000<\/tspan>/);
    expect(svg).not.toContain('style=');
  });

  it('starts at zero unless told, and marks the cut when told', () => {
    expect(renderToStaticMarkup(<LineWithBand {...conversion} />)).toContain('>0.0 %<');
    const cut = renderToStaticMarkup(<LineWithBand {...retention} />);
    expect(cut).not.toContain('>0.0 %<');
    expect(cut).toContain('the axis starts at 17.0 %');
  });

  it('uses other ids for each size and each chart, so that they may share a page', () => {
    const html = renderToStaticMarkup(
      <>
        <LineFigure {...conversion} />
        <LineFigure {...retention} />
      </>,
    );
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]);

    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(8);
  });

  it('gives the same values as a table, each with its band', () => {
    const html = renderToStaticMarkup(<LineFigure {...retention} />);

    expect(html.match(/<tr>/g)).toHaveLength(31);
    expect(html).toContain('>3,000<');
    expect(html).toMatch(/19\.0 % \(17\.8 % to 20\.2 %\)/);
  });

  it('escapes hostile names', () => {
    const lines = [{ name: '<script>x</script>', points: [{ x: 1, y: 1 }] }];
    const svg = chartSvg(<LineWithBand {...retention} finding="</title><script>" lines={lines} />);

    expect(svg).not.toContain('<script>');
  });

  it.each([
    ['no point', []],
    ['one point', [{ x: 5, y: 0.2 }]],
    [
      'equal values',
      [
        { x: 1, y: 0 },
        { x: 2, y: 0 },
      ],
    ],
    [
      'values on both sides of zero',
      [
        { x: 1, y: -1, low: -2, high: 0 },
        { x: 2, y: 3, low: 2, high: 4 },
      ],
    ],
  ])('draws %s without a broken number', (_, points) => {
    const props = { ...retention, y: { label: 'Lift', format: String }, lines: [{ name: 'a', points }] };
    for (const size of [undefined, narrow]) {
      const svg = renderToStaticMarkup(<LineWithBand {...props} {...(size ? { size } : {})} />);
      expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    }
  });

  it('refuses a fifth line', () => {
    const lines = Array.from({ length: 5 }, (_, index) => ({ name: `v${index}`, points: [{ x: 1, y: 1 }] }));
    expect(() => renderToStaticMarkup(<LineWithBand {...retention} lines={lines} />)).toThrow(RangeError);
  });

  it('keeps labels apart by their gap and inside, whatever the lines do, where there is room for all', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -50, max: 400, noNaN: true }), { minLength: 1, maxLength: 4 }),
        (wanted) => {
          const placed = keepApart(wanted, 32, [30, 260]);
          const sorted = [...placed].sort((a, b) => a - b);
          for (const [index, at] of sorted.entries()) {
            expect(at).toBeGreaterThanOrEqual(30 - 1e-9);
            expect(at).toBeLessThanOrEqual(260 + 1e-9);
            if (index > 0) expect(at - (sorted[index - 1] ?? 0)).toBeGreaterThanOrEqual(32 - 1e-9);
          }
        },
      ),
    );
  });
});

describe('the time axis', () => {
  it.each([
    ['2026-11-21T08:35:00.250Z', 'Asia/Kolkata', '2026-11-21T14:05:00.250Z'],
    ['2026-03-29T00:59:00.000Z', 'Europe/Berlin', '2026-03-29T01:59:00.000Z'],
    ['2026-03-29T01:01:00.000Z', 'Europe/Berlin', '2026-03-29T03:01:00.000Z'],
    ['1969-12-31T23:00:00.500Z', 'UTC', '1969-12-31T23:00:00.500Z'],
  ])('reads %s in %s as the clock on the wall', (at, zone, wall) => {
    expect(new Date(wallTime(new Date(at), zone)).toISOString()).toBe(wall);
  });
});

describe('bars and sparklines', () => {
  it('name each bar, its value and its limit, also below zero and when all are zero', () => {
    const bars = [
      { label: 'up', value: 5, limit: 8 },
      { label: 'down', value: -2 },
      { label: 'none', value: 0 },
    ];
    const svg = renderToStaticMarkup(
      <Bars
        id="b"
        finding="f"
        description="d"
        bars={bars}
        format={(value) => `${value} ₹`}
        limitName="cap"
      />,
    );
    for (const part of ['up', 'down', '5 ₹', '-2 ₹', 'cap']) expect(svg).toContain(part);
    expect(svg).not.toMatch(/NaN|width="-/);
    const zeros = renderToStaticMarkup(
      <Bars id="b" finding="f" description="d" bars={[{ label: 'a', value: 0 }]} format={String} />,
    );
    expect(zeros).not.toMatch(/NaN|Infinity/);
  });

  it('draw a sparkline of nothing, one and equal values', () => {
    for (const values of [[], [1], [2, 2, 2]])
      expect(renderToStaticMarkup(<Sparkline id="s" values={values} finding="flat" />)).not.toMatch(
        /NaN|Infinity/,
      );
  });
});

describe('a picture for chat', () => {
  it('holds the finding, its colours and its fonts in itself, and asks for nothing outside', () => {
    const svg = chartSvg(<LineWithBand {...conversion} />, '7–21 Nov, IST');

    expect(svg).toContain(conversion.finding);
    expect(svg).toContain('7–21 Nov, IST');
    expect(svg).toContain('#0b5c7a');
    expect(svg).not.toMatch(/href=|url\(|@import|<style/);
  });

  it('becomes a PNG twice its size, or as wide as asked', async () => {
    const svg = chartSvg(<LineWithBand {...conversion} />);

    const [twice, asked] = await Promise.all([svgToPng(svg), svgToPng(svg, { width: 640 })]);

    expect([...twice.slice(1, 4)].map((byte) => String.fromCharCode(byte)).join('')).toBe('PNG');
    expect(await widthOf(twice)).toBe(1520);
    expect(await widthOf(asked)).toBe(640);
    expect(twice.length).toBeLessThan(100_000);
  });

  it('refuses what is no picture, and goes on with the next', async () => {
    const refused = svgToPng('<svg');
    const next = svgToPng(chartSvg(<LineWithBand {...conversion} />));

    await expect(refused).rejects.toMatchObject({ code: 'internal.bug' });
    expect((await next).length).toBeGreaterThan(1000);
  });

  it.each(['₹', '→', '▲', '●', '■', 'हिन्दी', 'ABC', '−'])(
    'really draws %s, and not the box of a missing glyph',
    async (glyph) => {
      const drawn = await inkOf(glyph);

      expect(drawn.dark).toBeGreaterThan(25);
      expect(drawn.pixels).not.toEqual((await inkOf('\u{E123}'.repeat([...glyph].length))).pixels);
      expect(drawn.pixels).not.toEqual((await inkOf(' ')).pixels);
    },
  );

  it('draws bold text heavier', async () => {
    expect((await inkOf('Wardroom', 700)).dark).toBeGreaterThan((await inkOf('Wardroom', 400)).dark * 1.15);
  });
});

/** The grey pixels of a text drawn alone, and how many of them are dark. */
async function inkOf(text: string, weight = 400): Promise<{ dark: number; pixels: readonly number[] }> {
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="240" height="60"><rect width="240" height="60" fill="#fff"/>` +
    `<text x="10" y="42" font-family="Noto Sans, DejaVu Sans" font-weight="${weight}" font-size="32">${text}</text></svg>`;
  const png = await svgToPng(svg, { scale: 1 });
  const sharp = await loadedSharp();
  const pixels = [...(await sharp(png).greyscale().raw().toBuffer())];
  return { dark: pixels.filter((value) => value < 128).length, pixels };
}

async function widthOf(png: Uint8Array): Promise<number> {
  const sharp = await loadedSharp();
  return (await sharp(png).metadata()).width;
}

/** Only after the product has loaded it, so that these tests do not load it with another list of fonts first. */
async function loadedSharp(): Promise<typeof import('sharp').default> {
  return (await import('sharp')).default;
}
