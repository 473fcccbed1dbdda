// What Slack refuses in Block Kit, with the reason it gives; figures as in its reference and @slack/types.
import { isJson, type Json, listOf, textOf } from './json.ts';

/** Undocumented; seen at about 13,200 characters of all blocks together. Source: slackapi/bolt-js#2509. */
const MOST_CHARACTERS = 13_200;
const MOST_BLOCKS = { message: 50, view: 100 } as const;

export interface Refusal {
  readonly error: 'invalid_blocks' | 'msg_blocks_too_long';
  /** As in `response_metadata.messages`. */
  readonly reasons: readonly string[];
}

type Say = (problem: string, at: string) => void;

/** Why these blocks are refused, or null. `knowsFile` says whether a `slack_file` is ready to be shown. */
export function refuseBlocks(
  blocks: unknown,
  surface: 'message' | 'view',
  knowsFile: (id: string) => boolean,
): Refusal | null {
  const reasons: string[] = [];
  const say: Say = (problem, at) => reasons.push(`[ERROR] ${problem} [json-pointer:/blocks${at}]`);
  if (!Array.isArray(blocks)) return { error: 'invalid_blocks', reasons: ['[ERROR] must be an array'] };
  if (blocks.length > MOST_BLOCKS[surface]) say(`no more than ${MOST_BLOCKS[surface]} items allowed`, '');
  const actionIds = new Set<string>();
  const blockIds = new Set<string>();
  for (const [n, block] of blocks.entries()) {
    const at = `/${n}`;
    if (!isJson(block)) {
      say('must be an object', at);
      continue;
    }
    refuseRepeats(block, at, { actionIds, blockIds, say });
    checkBlock(block, at, { surface, knowsFile, say });
  }
  if (reasons.length > 0) return { error: 'invalid_blocks', reasons };
  const isLong = surface === 'message' && JSON.stringify(blocks).length > MOST_CHARACTERS;
  return isLong ? { error: 'msg_blocks_too_long', reasons: [] } : null;
}

function refuseRepeats(
  block: Json,
  at: string,
  seen: { readonly actionIds: Set<string>; readonly blockIds: Set<string>; readonly say: Say },
): void {
  const blockId = block['block_id'];
  if (blockId !== undefined) {
    checkLength(blockId, 1, 255, `${at}/block_id`, seen.say);
    if (seen.blockIds.has(textOf(blockId))) seen.say('block_id already exists', `${at}/block_id`);
    seen.blockIds.add(textOf(blockId));
  }
  const elements = [...listOf(block['elements']), block['accessory'], block['element']].filter(isJson);
  for (const element of elements) {
    const actionId = element['action_id'];
    if (actionId === undefined) continue;
    checkLength(actionId, 1, 255, `${at}/action_id`, seen.say);
    if (seen.actionIds.has(textOf(actionId))) seen.say('action_id already exists', `${at}/action_id`);
    seen.actionIds.add(textOf(actionId));
  }
}

interface Where {
  readonly surface: 'message' | 'view';
  readonly knowsFile: (id: string) => boolean;
  readonly say: Say;
}

function checkBlock(block: Json, at: string, where: Where): void {
  const { say, surface } = where;
  switch (block['type']) {
    case 'divider':
      return;
    case 'header':
      checkText(block['text'], 'plain_text', 150, `${at}/text`, say);
      return;
    case 'section':
      checkSection(block, at, say);
      return;
    case 'context': {
      const elements = listOf(block['elements']);
      if (elements.length < 1 || elements.length > 10) say('must have 1 to 10 elements', `${at}/elements`);
      for (const [n, one] of elements.entries()) checkText(one, 'any', 3_000, `${at}/elements/${n}`, say);
      return;
    }
    case 'actions': {
      const elements = listOf(block['elements']);
      if (elements.length < 1 || elements.length > 25) say('must have 1 to 25 elements', `${at}/elements`);
      for (const [n, one] of elements.entries()) checkElement(one, `${at}/elements/${n}`, say);
      return;
    }
    case 'image':
      checkImage(block, at, where);
      return;
    case 'input':
      if (surface === 'message') say('input blocks are not supported in messages', at);
      checkText(block['label'], 'plain_text', 2_000, `${at}/label`, say);
      if (block['hint'] !== undefined) checkText(block['hint'], 'plain_text', 2_000, `${at}/hint`, say);
      checkElement(block['element'], `${at}/element`, say);
      return;
    default:
      say(`unsupported type: ${textOf(block['type'])}`, `${at}/type`);
  }
}

function checkSection(block: Json, at: string, say: Say): void {
  const { text, fields } = block;
  if (text === undefined && fields === undefined) say('must have text or fields', at);
  if (text !== undefined) checkText(text, 'any', 3_000, `${at}/text`, say);
  if (fields === undefined) return;
  const all = listOf(fields);
  if (all.length < 1 || all.length > 10) say('must have 1 to 10 fields', `${at}/fields`);
  for (const [n, one] of all.entries()) checkText(one, 'any', 2_000, `${at}/fields/${n}`, say);
}

function checkImage(block: Json, at: string, { say, knowsFile }: Where): void {
  checkLength(block['alt_text'], 1, 2_000, `${at}/alt_text`, say);
  if (block['title'] !== undefined) checkText(block['title'], 'plain_text', 2_000, `${at}/title`, say);
  const file = isJson(block['slack_file']) ? block['slack_file'] : undefined;
  const url = textOf(block['image_url']);
  if (file && !knowsFile(textOf(file['id']))) say('invalid slack file', `${at}/slack_file`);
  if (!file && !/^https:\/\/.{1,2992}$/.test(url)) say('downloading image failed', `${at}/image_url`);
}

const OPTION_LISTS = new Set(['static_select', 'radio_buttons', 'checkboxes', 'multi_static_select']);

function checkElement(element: unknown, at: string, say: Say): void {
  if (!isJson(element)) {
    say('must be an object', at);
    return;
  }
  const type = textOf(element['type']);
  if (type === 'button') {
    checkButton(element, at, say);
    return;
  }
  if (element['placeholder'] !== undefined)
    checkText(element['placeholder'], 'plain_text', 150, `${at}/placeholder`, say);
  if (OPTION_LISTS.has(type)) {
    checkOptions(element, at, say);
    return;
  }
  const known = ['plain_text_input', 'number_input', 'datepicker', 'timepicker', 'external_select'];
  if (!known.includes(type)) say(`unsupported element: ${type}`, `${at}/type`);
  if (type === 'number_input' && element['is_decimal_allowed'] === undefined)
    say('missing required field: is_decimal_allowed', at);
  if (type === 'plain_text_input') checkTextInput(element, at, say);
}

function checkTextInput(element: Json, at: string, say: Say): void {
  const { initial_value: initial, max_length: most } = element;
  if (initial !== undefined) checkLength(initial, 0, 3_000, `${at}/initial_value`, say);
  if (most !== undefined && (typeof most !== 'number' || most < 1 || most > 3_000))
    say('max_length must be 1 to 3000', `${at}/max_length`);
}

function checkButton(element: Json, at: string, say: Say): void {
  checkText(element['text'], 'plain_text', 75, `${at}/text`, say);
  if (element['value'] !== undefined) checkLength(element['value'], 0, 2_000, `${at}/value`, say);
  if (element['url'] !== undefined) checkLength(element['url'], 1, 3_000, `${at}/url`, say);
  if (element['accessibility_label'] !== undefined)
    checkLength(element['accessibility_label'], 1, 75, `${at}/accessibility_label`, say);
  const { style } = element;
  if (style !== undefined && style !== 'primary' && style !== 'danger')
    say('style must be primary or danger', `${at}/style`);
}

function checkOptions(element: Json, at: string, say: Say): void {
  const options = listOf(element['options']);
  const most = element['type'] === 'static_select' || element['type'] === 'multi_static_select' ? 100 : 10;
  if (options.length < 1 || options.length > most) say(`must have 1 to ${most} options`, `${at}/options`);
  const all = [...options, element['initial_option']].filter((one) => one !== undefined);
  for (const [n, option] of all.entries()) {
    if (!isJson(option)) {
      say('must be an object', `${at}/options/${n}`);
      continue;
    }
    checkText(option['text'], 'any', 75, `${at}/options/${n}/text`, say);
    checkLength(option['value'], 1, 150, `${at}/options/${n}/value`, say);
  }
  const initial = JSON.stringify(element['initial_option']);
  if (initial !== undefined && !options.some((option) => JSON.stringify(option) === initial))
    say('initial_option must be one of the options', `${at}/initial_option`);
}

function checkText(value: unknown, kind: 'plain_text' | 'any', most: number, at: string, say: Say): void {
  if (!isJson(value)) {
    say('missing text object', at);
    return;
  }
  const { type } = value;
  if (type !== 'plain_text' && type !== 'mrkdwn') say(`unsupported text type: ${textOf(type)}`, at);
  if (kind === 'plain_text' && type !== 'plain_text') say('must be plain_text', at);
  if (type === 'mrkdwn' && value['emoji'] !== undefined) say('emoji is not for mrkdwn', at);
  checkLength(value['text'], 1, most, `${at}/text`, say);
}

function checkLength(value: unknown, least: number, most: number, at: string, say: Say): void {
  if (typeof value !== 'string') {
    say('must be a string', at);
    return;
  }
  if (value.length < least) say(`must be more than ${least - 1} characters`, at);
  if (value.length > most) say(`must be less than ${most + 1} characters`, at);
}

/** Why a view is refused, or an empty list. */
export function refuseView(view: unknown, knowsFile: (id: string) => boolean): readonly string[] {
  if (!isJson(view)) return ['[ERROR] view must be an object'];
  const reasons: string[] = [];
  const say: Say = (problem, at) => reasons.push(`[ERROR] ${problem} [json-pointer:/view${at}]`);
  if (view['type'] !== 'modal') say('unsupported type', '/type');
  checkText(view['title'], 'plain_text', 24, '/title', say);
  for (const name of ['submit', 'close'] as const)
    if (view[name] !== undefined) checkText(view[name], 'plain_text', 24, `/${name}`, say);
  if (view['private_metadata'] !== undefined)
    checkLength(view['private_metadata'], 0, 3_000, '/private_metadata', say);
  if (view['callback_id'] !== undefined) checkLength(view['callback_id'], 1, 255, '/callback_id', say);
  const blocks = listOf(view['blocks']);
  if (blocks.length === 0) say('must have blocks', '/blocks');
  const hasInput = blocks.some((block) => isJson(block) && block['type'] === 'input');
  if (hasInput && view['submit'] === undefined) say('missing required field: submit', '');
  return [...reasons, ...(refuseBlocks(blocks, 'view', knowsFile)?.reasons ?? [])];
}
