// Where a request comes from, as far as that can be trusted.
import type { Request } from 'express';

const FORWARDING = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'via'];

/**
 * Whether the caller sits at this very machine. A proxy on the machine must not make the world look local, nor
 * may a foreign name that resolves to loopback: so forwarding headers and a foreign host name both say no.
 */
export function isOnLoopback(req: Request): boolean {
  if (FORWARDING.some((header) => req.headers[header] !== undefined)) return false;
  return isLoopbackAddress(req.socket.remoteAddress ?? '') && isLoopbackName(req.hostname);
}

export function isLoopbackAddress(address: string): boolean {
  const plain = address.replace(/^::ffff:/, '');
  return plain === '::1' || /^127(?:\.\d{1,3}){3}$/.test(plain);
}

export function isLoopbackName(name: string): boolean {
  const plain = name.toLowerCase().replace(/^\[|\]$/g, '');
  return plain === 'localhost' || plain.endsWith('.localhost') || isLoopbackAddress(plain);
}
