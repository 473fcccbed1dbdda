// How a figure reads in chat: the number first, then its change, its shape, its parts, and what stands behind it.
import type { Ctx } from '../../core/context.ts';
import {
  type Block,
  context,
  type Reply,
  reply,
  type Span,
  table,
  text,
  withStatus,
} from '../../core/reply.ts';
import { textSparkline } from '../../core/text-sparkline.ts';
import { exactTime, zoneName } from '../../ui/components/time.tsx';
import { figurePicture } from './chart.tsx';
import { formulaIn } from './formula-words.ts';
import type { ShownFigure } from './shown.ts';
import { changeWords, partName, sentencesIn, shortChange, shortValue, valueWords } from './words.ts';

const PARTS_SHOWN = 10;
const SPARK_MIN = 3;

/** One message: value, change or why there is none, sparkline, parts, picture, definition, zone, as-of, rows. */
export function figureReply(
  figure: ShownFigure,
  ctx: Ctx,
  options: { readonly withPicture: boolean },
): Reply {
  const { language } = ctx;
  const say = sentencesIn(language);
  const { unit, range, value, change, state } = figure;
  const name = figure.name[language];
  if (state === 'empty')
    return withStatus('look', reply([{ bold: name }, `: ${say.empty}`], definition(figure, ctx)));
  const mark = range.partial ? ` (${say.partialMark})` : '';
  const blocks: Block[] = [text(changeWords(change, { unit, range }, language))];
  const line = sparkOf(figure);
  if (line) blocks.push(text(line));
  if (figure.parts.length > 0) blocks.push(partsTable(figure, ctx));
  if (options.withPicture) blocks.push(...figurePicture(figure, language));
  blocks.push(definition(figure, ctx), context(footOf(figure, ctx)));
  const fact: Span[] = [{ bold: name }, `, ${range.words}${mark}: `, { bold: valueWords(value, unit) }];
  const answer = reply(fact, ...blocks);
  return state === 'stale' || change.good === false ? withStatus('look', answer) : answer;
}

/** `▁▂▃▅▇ ₹1,200 – ₹48,000`, the lowest and highest of the steps. */
function sparkOf({ steps, unit }: ShownFigure): string | null {
  const values = steps.map((step) => step.value);
  const known = values.filter((value) => value !== null);
  if (known.length < SPARK_MIN) return null;
  const [low, high] = [Math.min(...known), Math.max(...known)];
  return `${textSparkline(values)}  ${shortValue(low, unit)} – ${shortValue(high, unit)}`;
}

function partsTable({ parts, name: names, unit, by }: ShownFigure, { language }: Ctx): Block {
  const shown = parts.slice(0, PARTS_SHOWN);
  const rows = shown.map(({ name, value }) => [partName(name, language), valueWords(value, unit)]);
  const more = parts.length - shown.length;
  return table(
    [{ label: by ?? '' }, { label: names[language], numeric: true }],
    more > 0 ? [...rows, [`+${more}`, '']] : rows,
  );
}

function definition({ id, name, definition: of }: ShownFigure, { language }: Ctx): Block {
  return context(
    `${name[language]} (${id} v${of.version}): ${formulaIn(language, { id, formula: of.formula })}${language === 'hi' ? '।' : '.'}`,
  );
}

function footOf({ asOf, state, sandbox, links }: ShownFigure, { zone, now, language }: Ctx): Span[] {
  const since = asOf === null ? null : exactTime(new Date(asOf), zone);
  const age = language === 'hi' ? `${since} तक` : `as of ${since}`;
  const fresh = state === 'stale' && since ? sentencesIn(language).stale(since) : age;
  return [
    ...(sandbox ? ['SANDBOX · '] : []),
    `${since === null ? zoneName(now, zone) : fresh} · `,
    { link: language === 'hi' ? 'पन्ना' : 'Page', href: links.page },
    ...(links.rows === null
      ? []
      : [' · ', { link: language === 'hi' ? 'पंक्तियाँ' : 'Rows', href: links.rows }]),
  ];
}

/** The figures of the first page as one table. */
export function overviewReply(figures: readonly ShownFigure[], ctx: Ctx): Reply {
  const { language, zone, now } = ctx;
  const say = sentencesIn(language);
  const known = figures.filter((figure) => figure.state !== 'empty');
  const [first] = known;
  if (!first) return withStatus('look', reply(say.empty));
  const words = first.range.words + (first.range.partial ? ` (${say.partialMark})` : '');
  const rows = known.map(({ name, unit, value, change, steps }) => [
    name[language],
    valueWords(value, unit),
    shortChange(change, unit, language),
    steps.length >= SPARK_MIN ? textSparkline(steps.map((step) => step.value)) : '',
  ]);
  const empty = figures.filter((figure) => figure.state === 'empty').map(({ name }) => name[language]);
  const columns = [
    { label: language === 'hi' ? 'मेट्रिक' : 'Metric' },
    { label: words, numeric: true },
    { label: language === 'hi' ? 'बदलाव' : 'Change', numeric: true },
    { label: '' },
  ];
  const note = first.range.partial ? say.partial(first.range.words) : say.against(first.change.against.words);
  return reply(
    [{ bold: language === 'hi' ? 'मेट्रिक' : 'Metrics' }, `, ${words}`],
    table(columns, rows),
    ...(empty.length > 0 ? [context(`${say.empty}: ${empty.join(', ')}`)] : []),
    context([
      ...(first.sandbox ? ['SANDBOX · '] : []),
      `${note} · ${exactTime(now, zone)} · `,
      { link: language === 'hi' ? 'पन्ना' : 'Page', href: first.links.page.replace(/\/[^/]*$/, '') },
    ]),
  );
}
