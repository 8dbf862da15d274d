import type { OtlpProtocol, Signal } from 'opentelemetry-instrument-exporters';
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
  /** Oddities of the value, each as the end of "which ...". */
  readonly warnings: readonly string[];
  /** A value without them. */
  readonly suggestion: string;
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
  const example = isBase || isGrpc ? standard : `${standard}${path}`;
  const warnings: string[] = [];

  // For gRPC without a scheme, the specification lets INSECURE decide.
  const hasScheme = written === undefined || written.includes('://');
  if (!hasScheme && !isGrpc) warnings.push('has no scheme (http:// is taken)');
  const assumed = isGrpc && !insecure ? 'https' : 'http';
  const url = parseUrl(hasScheme ? (written ?? standard) : `${assumed}://${written}`);
  if (url === undefined) {
    const { url } = resolveEndpoint({ variable: BASE, written: undefined, ...about });
    return { variable, url, warnings: [`is no URL (${url} is taken)`], suggestion: example };
  }

  const suggestion = new URL(url);
  if (url.port === (isGrpc ? HTTP_PORT : GRPC_PORT)) {
    const owner = isGrpc ? 'OTLP over HTTP' : 'gRPC';
    warnings.push(`has the port of ${owner}, while the protocol is ${protocol}`);
    suggestion.port = isGrpc ? GRPC_PORT : HTTP_PORT;
  }
  if (EVERY_ADDRESS.test(url.hostname)) {
    warnings.push('means every address of a machine, in place of one');
    suggestion.hostname = 'localhost';
  }
  if (isBase) {
    if (SIGNAL_PATH.test(url.pathname)) {
      warnings.push(`is the base to which ${path} is added once more`);
      suggestion.pathname = url.pathname.replace(SIGNAL_PATH, '');
    }
    if (url.search !== '') {
      warnings.push(`has a query, which goes behind ${path}`);
      suggestion.search = '';
    }
    url.pathname = `${url.pathname.replace(/\/$/, '')}${path}`;
  } else if (!isGrpc && url.pathname === '/') {
    warnings.push(`is used as it is, without ${path}`);
    suggestion.pathname = path;
  }
  // If a password contains "?", the rest of it could be mistaken for a path.
  const isWhole = countAts(written) === countAts(suggestion.href);
  return {
    variable,
    url: isGrpc ? `${url.protocol}//${url.host}` : url.href,
    warnings,
    suggestion: isWhole ? suggestion.href.replace(/^(\w+:\/\/[^/]+)\/$/, '$1') : example,
  };
}

function countAts(text = ''): number {
  return text.split('@').length;
}

/** Parses a URL and removes its fragment. Returns undefined unless it is an HTTP URL. */
function parseUrl(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) return undefined;
  url.hash = '';
  return url;
}
