// Which addresses set by staff may be called: https, written plainly, and leading to nothing private.
import { BlockList, isIP } from 'node:net';
import { AppError } from './errors.ts';

/** Special-purpose IPv4 networks. Source: IANA IPv4 Special-Purpose Address Registry, and 224/4 for multicast. */
const REFUSED_V4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];

/**
 * Of IPv6 only global unicast is open, and of that not what is special or carries an IPv4 address: everything else
 * (loopback, mapped, NAT64, unique local, link-local, multicast) lies outside of it. Source: IANA IPv6 registries.
 */
const OPEN_V6 = ['2000::/3'];
const REFUSED_V6 = ['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20'];

const LOOPBACK = listOf(['127.0.0.0/8', '::1/128']);
const REFUSED = listOf([...REFUSED_V4, ...REFUSED_V6]);
const OPEN = listOf(OPEN_V6);

export interface OutboundRules {
  /**
   * The address as a URL, judged as far as its text goes; the addresses a name leads to are judged at every call.
   * @throws AppError `input.invalid`
   */
  judge(text: string): URL;
  /** Why this IP address may not be called for that URL, or null when it may. */
  refusalOf(ip: string, url: URL): string | null;
}

/**
 * @param allow networks (`10.1.0.0/16`) that may be called although they are private.
 * @param sandbox whether loopback may be called, over http too, by an address that says so openly.
 */
export function createOutboundRules(options: {
  readonly allow: readonly string[];
  readonly sandbox: boolean;
}): OutboundRules {
  const allowed = listOf(options.allow);
  const openLoopback = (url: URL): boolean => options.sandbox && isLoopbackName(hostOf(url));

  function refusalOf(ip: string, url: URL): string | null {
    const bare = ip.split('%')[0] ?? ip;
    if (isIP(bare) === 0) return `“${ip}” is no IP address`;
    if (inList(allowed, bare)) return null;
    if (inList(LOOPBACK, bare) && !isMapped(bare) && openLoopback(url)) return null;
    const open = isIP(bare) === 4 ? !inList(REFUSED, bare) : inList(OPEN, bare) && !inList(REFUSED, bare);
    return open ? null : `${hostOf(url)} leads to a private or reserved address`;
  }

  function judge(text: string): URL {
    const written = /^(https?):\/\/([^/?#\\\s]+)[^\\\s]*$/i.exec(text);
    if (!written?.[2] || !URL.canParse(text)) throw refused('is not a web address');
    const url = new URL(text);
    const host = hostOf(url);
    if (written[2].includes('@') || url.username !== '' || url.password !== '')
      throw refused('holds a user name or password; put a token into the path instead');
    if (isIP(host) !== 0 && withoutPort(written[2]) !== host)
      throw refused(`spells an IP address in another way; write ${host}`);
    if (url.protocol === 'http:' && !openLoopback(url))
      throw refused('is not https; plain http goes only to this machine itself, in a sandbox');
    if (isLoopbackName(host) && isIP(host) === 0 && !options.sandbox && options.allow.length === 0)
      throw refused(`leads to a private or reserved address: ${host}`);
    const refusal = isIP(host) === 0 ? null : refusalOf(host, url);
    if (refusal) throw refused(`is refused: ${refusal}. The operator can open networks with OUTBOUND_ALLOW`);
    return url;
  }

  return { judge, refusalOf };
}

/** The host of a URL, an IPv6 address without its brackets. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');

/** A network in CIDR form. @throws Error saying what is wrong */
export function readNetwork(text: string): string {
  const [ip = '', bits = ''] = text.split('/');
  const most = isIP(ip) === 4 ? 32 : 128;
  if (isIP(ip) !== 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= most) return text;
  throw new Error(`“${text}” is not a network; for example 10.1.0.0/16 or fd00::/8`);
}

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [ip = '', bits] = network.split('/');
    list.addSubnet(ip, Number(bits), isIP(ip) === 4 ? 'ipv4' : 'ipv6');
  }
  return list;
}

const inList = (list: BlockList, ip: string): boolean => list.check(ip, isIP(ip) === 4 ? 'ipv4' : 'ipv6');
const isMapped = (ip: string): boolean => isIP(ip) === 6 && ip.toLowerCase() !== '::1';
const withoutPort = (authority: string): string =>
  authority
    .toLowerCase()
    .replace(/:\d*$/, '')
    .replace(/^\[|\]$/g, '');

function isLoopbackName(host: string): boolean {
  if (host === 'localhost') return true;
  return isIP(host) !== 0 && inList(LOOPBACK, host) && !isMapped(host);
}

function refused(problem: string): AppError {
  return new AppError(
    'input.invalid',
    `The address ${problem}. This works: https://hooks.example.com/wardroom`,
    {
      fields: [{ field: 'url', problem, example: 'https://hooks.example.com/wardroom' }],
    },
  );
}
