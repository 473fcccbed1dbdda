import { describe, expect, it } from 'vitest';
import { lineOfCommand, plainWords, withoutMentionOf } from '../../bots/slack/words.ts';

const verbs = new Set(['task', 'tasks', 'voucher']);

describe('what people type in Slack', () => {
  it.each([
    ['a &lt;b&gt; &amp; c', 'a <b> & c'],
    ['see <https://example.com/a?b=1&amp;c=2|example.com>', 'see https://example.com/a?b=1&c=2'],
    ['<https://example.com>', 'https://example.com'],
    ['ask <@U12AB|asha> and <@U34>', 'ask <@U12AB> and <@U34>'],
    ['in <#C12|general>', 'in #general'],
    ['<!channel> <!here|here>', '@channel @here'],
    ['<!subteam^S1|@ops>', '@ops'],
    ['mail <mailto:a@example.com|a@example.com>', 'mail a@example.com'],
    ['&amp;lt;', '&lt;'],
  ])('%s means %s', (typed, meant) => {
    expect(plainWords(typed)).toBe(meant);
  });

  it('to the app is what follows its name', () => {
    expect(withoutMentionOf('U1', '<@U1> tasks')).toBe('tasks');
    expect(withoutMentionOf('U1', ' <@U1>: tasks')).toBe('tasks');
    expect(withoutMentionOf('U1', '<@U2> tasks')).toBe('<@U2> tasks');
    expect(withoutMentionOf('U1', 'tasks <@U1>')).toBe('tasks <@U1>');
  });

  it('as a command is the same line under whatever name the app goes by', () => {
    expect(lineOfCommand('/ops', 'task add x', verbs)).toBe('/task add x');
    expect(lineOfCommand('/wardroom', '/task add x', verbs)).toBe('/task add x');
    expect(lineOfCommand('/task', 'add x', verbs)).toBe('/task add x');
    expect(lineOfCommand('/tasks', '', verbs)).toBe('/tasks');
    expect(lineOfCommand('/ops', '', verbs)).toBe('/help');
  });
});
