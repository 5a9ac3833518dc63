import ipaddr from 'ipaddr.js';

export type AddressRefusal = 'not-a-url' | 'scheme' | 'user-in-url' | 'odd-host' | 'port' | 'not-public';
export type AddressCheck =
  /** `vouched`: named by the operator in `allowHosts`, so it may be a private address. */
  | { readonly ok: true; readonly url: URL; readonly vouched: boolean }
  | { readonly ok: false; readonly refusal: AddressRefusal };

/** `name`: ports 80 and 443 of that host. `name:port`: that port alone. IPv6 in brackets. */
export type AllowHosts = readonly string[];

/** scheme, "//", then the authority exactly as written: letters, digits, dot, hyphen, or a bracketed IPv6 address. */
const plainAuthority = /^https?:\/\/([a-z0-9._-]+|\[[0-9a-f:.]+\])(:\d{1,5})?(?=[/?#]|$)/i;

/**
 * May a URL that somebody typed, or a browser gave, be called from inside our network? https on port 443, or what the
 * operator vouched for; no user part; no host that reads differently from what it means (127.1, 0x7f000001, 2130706433,
 * full-width digits, escapes). Names are judged again after they are resolved: `isPublic`.
 */
export function checkAddress(text: string, allowHosts: AllowHosts = []): AddressCheck {
  const refuse = (refusal: AddressRefusal): AddressCheck => ({ ok: false, refusal });
  if (!URL.canParse(text)) return refuse('not-a-url');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return refuse('scheme');
  if (url.username || url.password || /^[^/]*\/\/[^/?#]*@/.test(text)) return refuse('user-in-url');
  const written = plainAuthority.exec(text);
  if (!written || written[1]?.toLowerCase() !== url.hostname || url.hostname.endsWith('.')) return refuse('odd-host');
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  const vouched = isVouched(url.hostname, port, allowHosts);
  if (!vouched && url.protocol !== 'https:') return refuse('scheme');
  if (!vouched && port !== '443') return refuse('port');
  const literal = url.hostname.replace(/^\[|\]$/g, '');
  if (ipaddr.isValid(literal) && !(vouched ? isReachable(literal) : isPublic(literal))) return refuse('not-public');
  return { ok: true, url, vouched };
}

function isVouched(host: string, port: string, allowHosts: AllowHosts): boolean {
  return allowHosts.some((entry) => {
    const allowed = entry.toLowerCase();
    return allowed === `${host}:${port}` || (allowed === host && (port === '443' || port === '80'));
  });
}

/**
 * Global unicast and nothing else: not loopback, private, carrier-grade, link-local (cloud metadata), unique local,
 * multicast, documentation, nor any IPv6 form that carries an IPv4 address inside (mapped, compatible, 6to4, NAT64,
 * Teredo). IPv6: only 2000::/3 is handed out as global unicast (RFC 4291 section 2.4).
 */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed.kind() === 'ipv4' || (parsed.toByteArray()[0] ?? 0) >> 5 === 1;
}

/** What a vouched name may resolve to: public, private and loopback, but never link-local, multicast or unspecified. */
export function isReachable(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  return (
    isPublic(address) ||
    ['private', 'loopback', 'uniqueLocal', 'carrierGradeNat'].includes(ipaddr.parse(address).range())
  );
}
