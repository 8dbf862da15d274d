import { isIP } from 'node:net';

/** The parts of a URL that a connection needs. */
export interface Endpoint {
  /** Host name or IP address; IPv6 has no brackets. */
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
}

/** Parses an HTTP URL. @throws if it is not valid, which settings exclude */
export function parseEndpoint(url: string): Endpoint {
  const { protocol, hostname, port } = new URL(url);
  const isTls = protocol === 'https:';
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port || (isTls ? 443 : 80)),
    isTls,
  };
}

/** Returns host and port as in a URL: `[::1]:4318`. */
export function hostAndPort({ host, port }: { host: string; port: number }): string {
  return isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;
}
