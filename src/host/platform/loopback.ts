/** Loopback addresses. A run connects to nothing else. */
import { isIPv4, isIPv6 } from 'node:net';

/** A host and port on this machine. */
export interface LoopbackEndpoint {
  /** A literal loopback address: no resolver is involved, so none can redirect the connection. */
  readonly address: string;
  readonly port: number;
  /** The name to request with TLS (RFC 6066, section 3), if the host was one: `localhost`. */
  readonly serverName: string | undefined;
}

/**
 * The endpoint of a host that is `localhost` (RFC 6761, section 6.3), in 127.0.0.0/8 (RFC 1122, section 3.2.1.3) or
 * `::1`; undefined for any other host, and for a port out of range.
 */
export function loopbackEndpoint(host: string, port: number): LoopbackEndpoint | undefined {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) return undefined;
  const bare = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  if (bare === 'localhost') return { address: '127.0.0.1', port, serverName: 'localhost' };
  const isLoopback = (isIPv4(bare) && bare.startsWith('127.')) || (isIPv6(bare) && bare === '::1');
  return isLoopback ? { address: bare, port, serverName: undefined } : undefined;
}

/** The endpoint of an `https:` URL without credentials, query or fragment; undefined for any other text. */
export function loopbackUrl(text: string): LoopbackEndpoint | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname, port, username, password, search, hash } = new URL(text);
  if (protocol !== 'https:' || username + password + search + hash !== '') return undefined;
  return loopbackEndpoint(hostname, port === '' ? 443 : Number(port));
}

/** The endpoint of `HOST:PORT`, with an IPv6 address in brackets; undefined for any other text and for other machines. */
export function loopbackHostPort(text: string): LoopbackEndpoint | undefined {
  const [, host = '', port] = /^(\[[^[\]]*\]|[^:]*):(\d{1,5})$/.exec(text) ?? [];
  return port === undefined ? undefined : loopbackEndpoint(host, Number(port));
}

/** The endpoint as `HOST:PORT`, with an IPv6 address in brackets. */
export function hostPort({ address, port }: Pick<LoopbackEndpoint, 'address' | 'port'>): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
