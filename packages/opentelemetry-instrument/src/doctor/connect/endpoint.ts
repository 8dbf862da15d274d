import { isIP } from 'node:net';

/** What a URL says of the connection to make. */
export interface Endpoint {
  /** Without the brackets of an IPv6 address. */
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
}

/** @param url of HTTP, as settings have it in any case */
export function parseEndpoint(url: string): Endpoint {
  const { protocol, hostname, port } = new URL(url);
  const isTls = protocol === 'https:';
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port || (isTls ? 443 : 80)),
    isTls,
  };
}

/** As in a URL: `[::1]:4318`. */
export function hostAndPort({ host, port }: { host: string; port: number }): string {
  return isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;
}
