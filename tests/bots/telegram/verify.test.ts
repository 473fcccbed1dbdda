// Only Telegram, which knows the secret, gets an update in.
import { describe, expect, it } from 'vitest';
import { isFromTelegram } from '../../../bots/telegram/verify.ts';

describe('the proof that an update is Telegram’s', () => {
  it('is the secret, whole and exact', () => {
    expect(isFromTelegram('a-long-secret', 'a-long-secret')).toBe(true);
    for (const given of [undefined, '', 'a-long-secre', 'a-long-secret ', 'A-long-secret'])
      expect(isFromTelegram('a-long-secret', given)).toBe(false);
  });

  it('fails closed while no secret is set', () => {
    for (const given of [undefined, '', 'undefined', 'a']) {
      expect(isFromTelegram(undefined, given)).toBe(false);
      expect(isFromTelegram('', given)).toBe(false);
    }
  });
});
