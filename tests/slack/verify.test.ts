import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { refuseRequest, type SignedRequest } from '../../bots/slack/verify.ts';

const SECRET = '8f742231b10e8888abcd99yyyzzz85a5';
const now = new Date('2026-11-21T09:00:00.000Z');
const body = Buffer.from('token=x&command=%2Fops&text=task+list&user_id=U1 — ₹', 'utf8');

function signed(
  options: { seconds?: number; version?: string; secret?: string; body?: Buffer } = {},
): SignedRequest {
  const { seconds = now.getTime() / 1_000, version = 'v0', secret = SECRET } = options;
  const bytes = options.body ?? body;
  const base = Buffer.concat([Buffer.from(`${version}:${seconds}:`), bytes]);
  const hex = createHmac('sha256', secret).update(base).digest('hex');
  return { timestamp: String(seconds), signature: `${version}=${hex}`, body: bytes };
}

const judged = (request: SignedRequest) => refuseRequest(request, SECRET, now);

describe('a request from Slack', () => {
  it('is taken with the signature of its raw bytes', () => {
    expect(judged(signed())).toBeNull();
    expect(judged(signed({ body: Buffer.from([0xff, 0xfe, 0x00, 0x0a]) }))).toBeNull();
  });

  it('matches the worked example of Slack’s own documentation', () => {
    const example =
      'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&' +
      'channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&' +
      'response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F' +
      '96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
    const request = {
      timestamp: '1531420618',
      signature: 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
      body: Buffer.from(example),
    };
    expect(refuseRequest(request, SECRET, new Date(1_531_420_618_000))).toBeNull();
  });

  it('is refused when any bit of the body, the time or the signature is another', () => {
    const good = signed();
    for (let bit = 0; bit < body.length * 8; bit += 1) {
      const changed = Buffer.from(body);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(judged({ ...good, body: changed })).toBe('wrong');
    }
    for (const name of ['timestamp', 'signature'] as const) {
      const text = Buffer.from(good[name] ?? '');
      for (let bit = 0; bit < text.length * 8; bit += 1) {
        const changed = Buffer.from(text);
        changed[bit >> 3]! ^= 1 << (bit & 7);
        expect(judged({ ...good, [name]: changed.toString('latin1') })).not.toBeNull();
      }
    }
  });

  it('is refused with a header missing or empty, and without a secret of ours', () => {
    expect(judged({ ...signed(), timestamp: undefined })).toBe('missing');
    expect(judged({ ...signed(), signature: undefined })).toBe('missing');
    expect(judged({ ...signed(), signature: '' })).toBe('missing');
    expect(refuseRequest(signed({ secret: '' }), '', now)).toBe('missing');
  });

  it('is refused from the past and from the future alike, after five minutes', () => {
    const at = now.getTime() / 1_000;
    expect(judged(signed({ seconds: at - 300 }))).toBeNull();
    expect(judged(signed({ seconds: at + 300 }))).toBeNull();
    expect(judged(signed({ seconds: at - 301 }))).toBe('stale');
    expect(judged(signed({ seconds: at + 301 }))).toBe('stale');
  });

  it('is refused with another version, in capitals, or with a time that is no number', () => {
    expect(judged(signed({ version: 'v1' }))).toBe('malformed');
    const { signature = '', ...rest } = signed();
    expect(judged({ ...rest, signature: signature.toUpperCase() })).toBe('malformed');
    for (const timestamp of ['', ' ', '1e9', '-1', '0x10', '12.5', 'NaN', ' 1795251600'])
      expect(judged({ ...signed(), timestamp })).not.toBeNull();
  });

  it('is refused when it was signed with another secret', () => {
    expect(judged(signed({ secret: 'another' }))).toBe('wrong');
  });
});
