/**
 * Returns the `host:port` of a server for requests that name none: HTTP/1.0 has no `Host` header.
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-3.3
 */
export function defaultAuthority(hostname: string, port: number): string {
  const isAnyAddress = hostname === '0.0.0.0' || hostname === '::';
  const host = isAnyAddress ? 'localhost' : hostname;
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
