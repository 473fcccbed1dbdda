// Guarantees of the reader of chat lines: total on any text, exact on words, and the same for a shell's arguments.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineOf, planOf, readArguments } from '../../bots/parse.ts';
import { createVerbBook } from '../../bots/verb-book.ts';
import { quoteWord, splitWords, wordsOfArguments } from '../../bots/words.ts';
import { problemsOf } from '../../src/core/problems.ts';
import { sampleOperations } from '../support/sample-operations.ts';

const book = createVerbBook(sampleOperations);
const add = planOf(sampleOperations[0]!);

const read = (line: string) => readArguments(add, splitWords(line));
const raw = (line: string) => read(line).raw;
const said = (line: string) => book.find(splitWords(line))?.plan.verb.name;

describe('words', () => {
  it('gives back any word that was quoted', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 6 }), (words) => {
        const line = words.map(quoteWord).join(' ');

        expect(splitWords(line).map((word) => word.text)).toEqual(words);
      }),
    );
  });

  it('loses no character of an unquoted line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (line) => {
        const again = splitWords(line).map((word) => word.gap + word.typed);

        expect(line.startsWith(again.join(''))).toBe(true);
        expect(line.slice(again.join('').length).trim()).toBe('');
      }),
    );
  });

  it.each([
    ['“Fix receipts” now', ['Fix receipts', 'now']],
    ["'Fix receipts' now", ['Fix receipts', 'now']],
    ["don't break ‘the shop’", ["don't", 'break', 'the shop']],
    ['an "unclosed quote', ['an', '"unclosed', 'quote']],
    ['5" pipe', ['5"', 'pipe']],
    ['"a \\"b\\" c"', ['a "b" c']],
    ['   ', []],
  ])('reads %s', (line, words) => {
    expect(splitWords(line).map((word) => word.text)).toEqual(words);
  });

  it('stays quick on a line made to be slow', () => {
    const words = splitWords("'a ".repeat(6_000));

    expect(words).toHaveLength(6_000);
  });
});

describe('arguments', () => {
  it.each([
    ['Fix receipts', { title: 'Fix receipts' }],
    ['“Fix receipts”', { title: 'Fix receipts' }],
    ['Fix  the "thing" now', { title: 'Fix  the "thing" now' }],
    ['Fix receipts --priority high', { title: 'Fix receipts', priority: 'high' }],
    ['--priority=HIGH Fix receipts', { title: 'Fix receipts', priority: 'high' }],
    ['Fix receipts —priority high', { title: 'Fix receipts', priority: 'high' }],
    ['Fix receipts — soon', { title: 'Fix receipts — soon' }],
    ['Fix priority:low receipts', { title: 'Fix receipts', priority: 'low' }],
    ['Fix http://shop.example/a?b=c', { title: 'Fix http://shop.example/a?b=c' }],
    ['Fix at 12:30', { title: 'Fix at 12:30' }],
    ['Fix it tags:a,b', { title: 'Fix it', tags: ['a', 'b'] }],
    ['Fix it --tags a --tags b', { title: 'Fix it', tags: ['a', 'b'] }],
    ['Fix it --budget-paise 12,50,000', { title: 'Fix it', budgetPaise: 1_250_000 }],
    ['Fix it budgetPaise:1,250,000', { title: 'Fix it', budgetPaise: 1_250_000 }],
    ['--urgent Fix it', { title: 'Fix it', urgent: true }],
    ['Fix it --no-urgent', { title: 'Fix it', urgent: false }],
    ['Fix it --urgent=no', { title: 'Fix it', urgent: false }],
    ['Fix it --urgent false', { title: 'Fix it', urgent: false }],
    ['-- --priority is broken', { title: '--priority is broken' }],
    ['"--priority is broken"', { title: '--priority is broken' }],
    ['--title="Fix: a, b" --priority low', { title: 'Fix: a, b', priority: 'low' }],
    ['title:"Fix it" 5" pipe', { title: 'Fix it' }],
    ['constructor:x __proto__:y', { title: 'constructor:x __proto__:y' }],
  ])('reads %s', (line, input) => {
    expect(raw(line)).toEqual(input);
  });

  it.each(['12,5', '1,2345', '0x10', '1e9', 'Infinity', '12,50,00'])('takes %s for no number', (text) => {
    expect(raw(`Fix it --budget-paise ${text}`)['budgetPaise']).toBe(text);
    expect(problemsOf(add.verb.input, raw(`Fix it --budget-paise ${text}`))).toMatchObject([
      { field: 'budgetPaise', problem: `“${text}” is not a whole number` },
    ]);
  });

  it.each([
    ['Fix it --prority high', '--prority', 'is not known here; known are: --title, --priority'],
    ['Fix it --priority', 'priority', 'came without its value'],
    ['Fix it --priority --urgent', 'priority', 'came without its value'],
    ['Fix it --priority low priority:high', 'priority', '“low” and “high”'],
    ['--title Fix it', 'arguments', '“it” is more than this takes'],
  ])('says what is wrong with %s', (line, field, problem) => {
    expect(read(line).problems).toMatchObject([{ field, problem: expect.stringContaining(problem) }]);
  });

  it('gives a reading for any text, and only of arguments that exist', () => {
    const names = new Set(add.fields.map((spec) => spec.name));
    const fragments = fc.constantFrom(
      '--',
      '—',
      '=',
      ':',
      '"',
      "'",
      '”',
      '\\',
      ',',
      ' ',
      'priority',
      'no-',
      'tags',
    );
    const lines = fc.array(fc.oneof(fc.string({ unit: 'binary' }), fragments)).map((parts) => parts.join(''));
    fc.assert(
      fc.property(lines, (line) => {
        const { raw: input } = read(line);

        expect(Object.keys(input).filter((name) => !names.has(name))).toEqual([]);
        problemsOf(add.verb.input, input);
      }),
      { numRuns: 500 },
    );
  });

  it('reads a shell’s arguments alike', () => {
    const argv = ['Fix "all" receipts', '--priority', 'high', '--tags=a,b', '--no-urgent'];

    expect(readArguments(add, wordsOfArguments(argv))).toEqual({
      raw: { title: 'Fix "all" receipts', priority: 'high', tags: ['a', 'b'], urgent: false },
      problems: [],
    });
  });

  it('writes lines that read back as the same input', () => {
    const inputs = fc.record(
      {
        title: fc.string({ unit: 'binary', minLength: 1 }),
        priority: fc.constantFrom('critical', 'low'),
        budgetPaise: fc.nat(),
        urgent: fc.boolean(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(inputs, (input) => {
        const found = book.find(splitWords(lineOf(add.verb, input)));

        expect(found && readArguments(found.plan, found.rest)).toEqual({ raw: input, problems: [] });
      }),
    );
  });
});

describe('verbs', () => {
  it.each([
    ['task add Fix it', 'task.add'],
    ['/task add Fix it', 'task.add'],
    ['/task_add Fix it', 'task.add'],
    ['/task_add@wardroom_bot Fix it', 'task.add'],
    ['task.add Fix it', 'task.add'],
    ['TASKS', 'task.list'],
    ['/tasks', 'task.list'],
    ['audit verify', 'audit.verify'],
    ['audit', 'audit.verify'],
    ['/audit_verify', 'audit.verify'],
    ['/audit_verified', undefined],
    ['"task add" Fix it', undefined],
    ['task', undefined],
    ['', undefined],
  ])('finds %s', (line, name) => {
    expect(said(line)).toBe(name);
  });

  it('refuses two verbs that are said alike', () => {
    const [first, second] = sampleOperations;
    const alike = { ...second!, chat: { ...second!.chat, aliases: ['task add'] } };

    expect(() => createVerbBook([first!, alike])).toThrow('“task add” says both task.add and task.list');
  });

  it('guesses among the verbs it is given and no others', () => {
    const among = sampleOperations.filter(({ name }) => name !== 'audit.verify');

    expect(book.guess(splitWords('tsk ad Fix it'), among).map(({ name }) => name)).toContain('task.add');
    expect(book.guess(splitWords('taks'), among).map(({ name }) => name)).toEqual(['task.list']);
    expect(book.guess(splitWords('audit verfy'), among)).toEqual([]);
    expect(book.guess(splitWords('zzzz'), among)).toEqual([]);
    expect(book.guess(splitWords('x'.repeat(20_000)), among)).toEqual([]);
  });
});
