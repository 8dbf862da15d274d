import type { Context } from 'hono';
import { type Authority, parseAuthority } from './authority.ts';
import { type Forwarded, type ProxyHeaders, readForwarded } from './forwarded.ts';
import { getPeer, type Peer, readHeader, readHost, serverEnv } from './server-env.ts';

/** The proxies in front of the server, and how they describe the client. */
export interface ProxyTrust {
  /** Returns true for a proxy whose forwarding headers are used. @default none */
  readonly trustProxy?: ((address: string) => boolean) | undefined;
  /**
   * The headers that trusted proxies set. Headers of the other kind may come from a client and are ignored.
   * @default 'x-forwarded'
   */
  readonly proxyHeaders?: ProxyHeaders | undefined;
}

/** The client and the URL of a request, as the client sees them. */
export interface ResolvedRequest {
  readonly peer: Peer | undefined;
  /** Address of the client: the peer, or the one that trusted proxies name. */
  readonly client: string | undefined;
  readonly scheme: 'http' | 'https';
  /** Undefined if the request has none, or an invalid one. */
  readonly authority: Authority | undefined;
  /** Path as the client sent it. */
  readonly path: string;
  /** Query without its question mark; empty without a query. */
  readonly query: string;
  /** Host names from the URL, `Host` and the trusted proxy. */
  readonly hostnames: readonly string[];
  /** True if the URL is not a valid http or https URL, or `Host` is invalid or repeated. */
  readonly isMalformed: boolean;
}

const RESOLVED = Symbol('hono-opentelemetry: request');
const NOT_FORWARDED: Forwarded = {};

/**
 * Returns the client and the URL of a request. The first call resolves them; later calls return the
 * same object and ignore `proxies`.
 *
 * @example
 * ```ts
 * import { Hono } from 'hono';
 * import { resolveRequest, traceHttp } from 'hono-opentelemetry';
 *
 * const app = new Hono().use(traceHttp());
 * app.get('/', (c) => c.text(`Hello ${resolveRequest(c).client}`));
 * ```
 */
export function resolveRequest(c: Context, proxies: ProxyTrust = {}): ResolvedRequest {
  // A WeakMap would cost more, most of it in the garbage collector.
  const holder: Context & { [RESOLVED]?: ResolvedRequest } = c;
  holder[RESOLVED] ??= resolve(c, proxies);
  return holder[RESOLVED];
}

function resolve(c: Context, { trustProxy, proxyHeaders }: ProxyTrust): ResolvedRequest {
  const env = serverEnv(c);
  const host = readHost(c, env) ?? '';
  const url = splitUrl(c.req.raw.url, host);
  const peer = getPeer(c, env);
  const forwarded =
    peer !== undefined && trustProxy?.(peer.address)
      ? readForwarded((name) => readHeader(c, env, name), trustProxy, proxyHeaders)
      : NOT_FORWARDED;

  const inHost = parseAuthority(host);
  const inUrl = url.authority === host ? inHost : parseAuthority(withoutCredentials(url.authority));
  const fromProxy = parseAuthority(withoutCredentials(forwarded.host ?? ''));
  // If the forwarded host is invalid, the forwarded scheme is not used either.
  const isForwardedOrigin = forwarded.host === undefined || fromProxy !== undefined;
  const hostnames = inUrl === undefined ? [] : [inUrl.hostname];
  if (inHost !== undefined && inHost !== inUrl) hostnames.push(inHost.hostname);
  if (fromProxy !== undefined) hostnames.push(fromProxy.hostname);
  return {
    peer,
    client: forwarded.client ?? peer?.address,
    scheme: (isForwardedOrigin ? forwarded.scheme : undefined) ?? url.scheme ?? 'http',
    authority: fromProxy ?? inUrl ?? inHost,
    path: url.path,
    query: url.query,
    hostnames,
    isMalformed:
      url.scheme === undefined ||
      inUrl === undefined ||
      url.authority.includes('@') ||
      (host !== '' && inHost === undefined),
  };
}

function withoutCredentials(authority: string): string {
  return authority.slice(authority.lastIndexOf('@') + 1);
}

/** The parts of a URL as they were sent. */
interface UrlParts {
  /** Undefined for any other scheme, and without a scheme. */
  readonly scheme: 'http' | 'https' | undefined;
  readonly authority: string;
  readonly path: string;
  readonly query: string;
}

/**
 * Splits a request's URL without the cost of `new URL()`. Accepts any string: Bun passes a relative URL
 * if `Host` is invalid, and Deno passes any scheme.
 * @param host value of the `Host` header
 */
export function splitUrl(url: string, host = ''): UrlParts {
  const [scheme, start] = schemeOf(url);
  const pathStart = authorityEnd(url, start, host);
  const end = startOf(url, '#', pathStart, url.length);
  const pathEnd = startOf(url, '?', pathStart, end);
  const path = url.slice(pathStart, pathEnd);
  return {
    scheme,
    authority: url.slice(start, pathStart),
    path: path.startsWith('/') ? path : '/',
    query: url.slice(pathEnd + 1, end),
  };
}

/** Returns the scheme, if it is http or https, and the position of the authority. */
function schemeOf(url: string): [scheme: UrlParts['scheme'], authorityStart: number] {
  if (url.startsWith('http://')) return ['http', 7];
  if (url.startsWith('https://')) return ['https', 8];
  const [text = '', scheme = ''] = /^([a-z][a-z\d+.-]*):\/\//i.exec(url) ?? [];
  const lower = scheme.toLowerCase();
  return [lower === 'http' || lower === 'https' ? lower : undefined, text.length];
}

function authorityEnd(url: string, start: number, host: string): number {
  if (start === 0) return 0;
  // Deno puts any `Host` before the target, so a slash in it is not the start of the path.
  const end = start + host.length;
  if (host !== '' && url[end] === '/' && url.startsWith(host, start)) return end;
  const length = url.slice(start).search(/[/?#]/);
  return length === -1 ? url.length : start + length;
}

function startOf(url: string, mark: string, from: number, end: number): number {
  const index = url.indexOf(mark, from);
  return index === -1 || index > end ? end : index;
}
