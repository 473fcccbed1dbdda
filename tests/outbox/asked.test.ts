// What a loop is asked to look at: a name costs one look, and everything is looked at in time all the same.
import { describe, expect, it } from 'vitest';
import { createAsked } from '../../src/outbox/asked.ts';

function asked() {
  const time = { ms: 0 };
  const it = createAsked(250, () => time.ms);
  it.take();
  return { ...it, time };
}

describe('what a loop was asked to look at', () => {
  it('is all at first, and all again once the poll is due', () => {
    const { take, add, time } = asked();
    expect(createAsked(250, () => 0).take()).toBeUndefined();
    time.ms = 249;
    add('tasks');
    expect(take()).toEqual(new Set(['tasks']));
    time.ms = 250;
    add('tasks');
    expect(take()).toBeUndefined();
  });

  it('is each name once, and none of them a second time', () => {
    const { take, add } = asked();
    add('tasks');
    add('people');
    add('tasks');
    expect(take()).toEqual(new Set(['tasks', 'people']));
    add('alerts');
    expect(take()).toEqual(new Set(['alerts']));
  });

  it('is all when all were asked for, whatever was named before or after', () => {
    const { take, add } = asked();
    add('tasks');
    add();
    add('people');
    expect(take()).toBeUndefined();
  });

  it('is all when nobody asked', () => {
    expect(asked().take()).toBeUndefined();
  });
});
