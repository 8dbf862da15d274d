import type { OtlpProtocol, Signal } from 'opentelemetry-instrument-exporters';
import type { VariableName } from './variables.ts';

interface EndpointInput {
  readonly variable: VariableName;
  /** Undefined: nothing was, and the default counts. */
  readonly written: string | undefined;
  readonly signal: Signal;
  readonly protocol: OtlpProtocol;
  readonly insecure: boolean;
}

/** Where what was written for an endpoint leads. */
export interface ResolvedEndpoint {
  readonly variable: VariableName;
  /** Exact. That of the default where what was written is no URL. */
  readonly url: string;
  /** Each the end of "which ...". */
  readonly warnings: readonly string[];
  /** What to write to be without them. */
  readonly suggestion: string;
}

const BASE = 'OTEL_EXPORTER_OTLP_ENDPOINT';
const GRPC_PORT = '4317';
const HTTP_PORT = '4318';
// The look-behind keeps it linear: a match begins at the first of several paths only.
const SIGNAL_PATH = /(?<!\/v1\/(?:traces|metrics|logs))(?:\/v1\/(?:traces|metrics|logs))+\/?$/;
const EVERY_ADDRESS = /^(?:0\.0\.0\.0|\[::\])$/;

/**
 * Reads an endpoint as people write it. `/v1/<signal>` is added to the one for all signals; that of
 * one signal is used as it is.
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

  // Without a scheme gRPC is as the specification has it, and INSECURE decides.
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
  // Of a password with a "?" in it what is left when the query goes would pass for a path.
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

/** Without its fragment; undefined for what is no address that OTLP can be sent to. */
function parseUrl(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) return undefined;
  url.hash = '';
  return url;
}
