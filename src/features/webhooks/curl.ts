// The exact command that delivers an event: what a sender's developer copies, with the secret in $SECRET.
import type { WebhookScheme } from '../../core/webhook-source.ts';

const HEX = `openssl dgst -sha256 -hmac "$SECRET" -r | cut -d' ' -f1`;

/** @param body the JSON to send. */
export function curlOf(scheme: WebhookScheme, url: string, body: string): string {
  return [
    `BODY=${quoted(body)}`,
    ...signing(scheme, url),
    `curl -sS ${scheme === 'twilio' ? '"$URL"' : quoted(url)} -H 'content-type: application/json' \\`,
    `  ${headers(scheme).join(' ')} --data-binary "$BODY"`,
  ].join('\n');
}

function signing(scheme: WebhookScheme, url: string): readonly string[] {
  switch (scheme) {
    case 'standard':
    case 'svix':
      return [
        'ID="msg_$(date +%s)_$$"; AT="$(date +%s)"',
        `KEY="$(printf '%s' "\${SECRET#whsec_}" | base64 -d | od -An -v -tx1 | tr -d ' \\n')"`,
        `SIGNATURE="v1,$(printf '%s' "$ID.$AT.$BODY" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$KEY" -binary | base64 | tr -d '\\n')"`,
      ];
    case 'stripe':
      return ['AT="$(date +%s)"', `SIGNATURE="t=$AT,v1=$(printf '%s' "$AT.$BODY" | ${HEX})"`];
    case 'github':
    case 'hmac-body':
      return [`SIGNATURE="sha256=$(printf '%s' "$BODY" | ${HEX})"`];
    case 'razorpay':
    case 'sentry':
      return [`SIGNATURE="$(printf '%s' "$BODY" | ${HEX})"`];
    case 'twilio':
      return [
        `URL=${quoted(url)}"?bodySHA256=$(printf '%s' "$BODY" | openssl dgst -sha256 -r | cut -d' ' -f1)"`,
        `SIGNATURE="$(printf '%s' "$URL" | openssl dgst -sha1 -hmac "$SECRET" -binary | base64)"`,
      ];
    case 'bearer':
      return [];
  }
}

function headers(scheme: WebhookScheme): readonly string[] {
  switch (scheme) {
    case 'standard':
    case 'svix': {
      const family = scheme === 'svix' ? 'svix' : 'webhook';
      return [
        `-H "${family}-id: $ID"`,
        `-H "${family}-timestamp: $AT"`,
        `-H "${family}-signature: $SIGNATURE"`,
      ];
    }
    case 'stripe':
      return ['-H "stripe-signature: $SIGNATURE"'];
    case 'github':
      return ['-H "x-hub-signature-256: $SIGNATURE"'];
    case 'hmac-body':
      return ['-H "x-webhook-signature: $SIGNATURE"'];
    case 'razorpay':
      return ['-H "x-razorpay-signature: $SIGNATURE"'];
    case 'sentry':
      return ['-H "sentry-hook-signature: $SIGNATURE"'];
    case 'twilio':
      return ['-H "x-twilio-signature: $SIGNATURE"'];
    case 'bearer':
      return ['-H "authorization: Bearer $SECRET"'];
  }
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
