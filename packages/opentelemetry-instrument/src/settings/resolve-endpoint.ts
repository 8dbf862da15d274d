import type { OtlpProtocol, Signal } from 'opentelemetry-instrument-exporters';
import type { Finding } from './variable.ts';
import type { VariableName } from './variables.ts';

interface EndpointInput {
  readonly variable: VariableName;
  /** The value as written; undefined for the default. */
  readonly written: string | undefined;
  readonly signal: Signal;
  readonly protocol: OtlpProtocol;
  readonly insecure: boolean;
}

/** The URL that an endpoint resolves to. */
export interface ResolvedEndpoint {
  readonly variable: VariableName;
  /** The exact URL; that of the default if the value is not a URL. */
  readonly url: string;
  readonly warnings: readonly Finding[];
}

const BASE = 'OTEL_EXPORTER_OTLP_ENDPOINT';
const GRPC_PORT = '4317';
const HTTP_PORT = '4318';
// The look-behind keeps it linear: a match starts only at the first of several paths.
const SIGNAL_PATH = /(?<!\/v1\/(?:traces|metrics|logs))(?:\/v1\/(?:traces|metrics|logs))+\/?$/;
const EVERY_ADDRESS = /^(?:0\.0\.0\.0|\[::\])$/;

/**
 * Resolves an endpoint. The one for all signals gets `/v1/<signal>`; that of one signal is used
 * unchanged.
 * @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/#endpoint-urls-for-otlphttp
 */
export function resolveEndpoint({ variable, written, ...about }: EndpointInput): ResolvedEndpoint {
  const { signal, protocol, insecure } = about;
  const isGrpc = protocol === 'grpc';
  const standard = `http://localhost:${isGrpc ? GRPC_PORT : HTTP_PORT}`;
  const path = `/v1/${signal}`;
  const isBase = variable === BASE && !isGrpc;
  const warnings: Finding[] = [];

  // For gRPC without a scheme, the specification lets INSECURE decide.
  const hasScheme = written === undefined || written.includes('://');
  if (!hasScheme && !isGrpc) {
    warnings.push({ problem: 'has no scheme', effect: 'assuming http://', fix: 'add the scheme' });
  }
  const assumed = isGrpc && !insecure ? 'https' : 'http';
  const url = parseUrl(hasScheme ? (written ?? standard) : `${assumed}://${written}`);
  if (url === undefined) {
    const { url } = resolveEndpoint({ variable: BASE, written: undefined, ...about });
    const example = isBase || isGrpc ? standard : `${standard}${path}`;
    const effect = `using the default (${isBase ? standard : url})`;
    const finding = { problem: 'is not an HTTP URL', effect, fix: `use a URL such as ${example}` };
    return { variable, url, warnings: [finding] };
  }

  if (url.port === (isGrpc ? HTTP_PORT : GRPC_PORT)) {
    const problem = isGrpc
      ? 'has the port of OTLP over HTTP, but the protocol is grpc'
      : `has the port of gRPC, but the protocol is ${protocol}`;
    warnings.push({ problem, fix: `use port ${isGrpc ? GRPC_PORT : HTTP_PORT}` });
  }
  if (EVERY_ADDRESS.test(url.hostname)) {
    const problem = 'is an address to listen on, not one to connect to';
    warnings.push({ problem, fix: 'use the host name of the collector, such as localhost' });
  }
  if (isBase) {
    const [repeated] = SIGNAL_PATH.exec(url.pathname) ?? [];
    if (repeated !== undefined) {
      const problem = `ends in ${repeated}, but the path of each signal is appended to it`;
      warnings.push({ problem, fix: `remove ${repeated}` });
    }
    if (url.search !== '') {
      const problem = 'has a query, and the path of each signal is inserted before it';
      warnings.push({ problem, fix: 'remove the query' });
    }
    url.pathname = `${url.pathname.replace(/\/$/, '')}${path}`;
  } else if (!isGrpc && url.pathname === '/') {
    warnings.push({ problem: 'has no path, and is used unchanged', fix: `append ${path}` });
  }
  return { variable, url: isGrpc ? `${url.protocol}//${url.host}` : url.href, warnings };
}

/** Parses a URL and removes its fragment. Returns undefined unless it is an HTTP URL. */
function parseUrl(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) return undefined;
  url.hash = '';
  return url;
}
