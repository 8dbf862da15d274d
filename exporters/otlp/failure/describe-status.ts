import type { ExportFailure, FailureDescription } from '../../exporter.ts';
import { assignEndpoint, type FailureContext } from './failure-context.ts';

const CHECK_LOG = 'check the log of the Collector';
const CHECK_LOAD = "check the Collector's memory and queues, or send less";

/** Describes an HTTP response that is not a success of OTLP. */
export function describeHttpStatus(
  failure: ExportFailure,
  context: FailureContext,
): FailureDescription {
  const { status = 0, contentType, location, retryAfterMillis } = failure;
  const { origin, endpoint, signal, protocol, variables } = context;
  const quote = quoted(failure);
  if (status === 502 || status === 504) {
    return {
      problem: `${origin} is a proxy that cannot reach the Collector (${status})${quote}`,
      fix: 'start the Collector behind the proxy',
    };
  }
  if (status === 429 || status === 503) {
    const delay = Math.ceil((retryAfterMillis ?? 0) / 1_000);
    const request = delay > 0 ? `, and requests a delay of ${delay} s` : '';
    return {
      problem: `${origin} is overloaded or not ready (${status})${request}${quote}`,
      fix: CHECK_LOAD,
    };
  }
  if (contentType === 'text/html') {
    const port = protocol === 'grpc' ? 'gRPC on port 4317' : 'OTLP over HTTP on port 4318';
    return {
      problem: `${endpoint} responded with a web page (${status}), so it is not a Collector`,
      fix: `check the host and port in ${variables.endpoint}; Collectors usually accept ${port}`,
    };
  }
  if (status >= 300 && status <= 399 && location) {
    return {
      problem: `${endpoint} redirects to ${location} (${status}), and exporters do not follow redirects`,
      // Other targets are usually login pages.
      fix: location.endsWith(`/v1/${signal}`)
        ? `set ${assignEndpoint(variables, location)}`
        : `set ${variables.endpoint} to the URL of an OTLP receiver`,
    };
  }
  switch (status) {
    case 400:
      return {
        problem: `${endpoint} rejected the request with status 400${quote}`,
        fix: `${CHECK_LOG}, and ${variables.protocol}`,
      };
    case 401:
    case 403:
      return describeDenial(`status ${status}${quote}`, context);
    case 404:
    case 405:
      return {
        problem: `${endpoint} does not accept ${signal} at this path (${status})${quote}`,
        fix: `correct the path in ${variables.endpoint}, or ${switchOff(context)}`,
      };
    case 413:
      return {
        problem: `${endpoint} rejected the request as too large (413)${quote}`,
        fix: `${smallerBatches(context)}, or raise the limit of the server or of the proxy before it`,
      };
    case 415: {
      const other = protocol === 'http/json' ? 'http/protobuf' : 'http/json';
      return {
        problem: `${endpoint} does not accept ${protocol} (415)${quote}`,
        fix: `set ${variables.protocol}=${other}, or correct ${variables.endpoint}`,
      };
    }
  }
  return { problem: `${endpoint} responded with status ${status}${quote}`, fix: CHECK_LOG };
}

/** Names of the codes of gRPC by number. @see https://grpc.io/docs/guides/status-codes/ */
const CODE_NAMES: readonly string[] = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
];

/** Returns the name of a code of gRPC. */
export function grpcCodeName(code: number): string {
  return CODE_NAMES[code] ?? `code ${code}`;
}

/** Describes a gRPC response with a code other than 0. */
export function describeGrpcStatus(
  failure: ExportFailure,
  context: FailureContext,
): FailureDescription {
  const { grpcCode = 2 } = failure;
  const { endpoint, signal, variables } = context;
  const name = grpcCodeName(grpcCode);
  const quote = quoted(failure);
  const problem = `${endpoint} responded with ${name} (${grpcCode})${quote}`;
  switch (name) {
    case 'DEADLINE_EXCEEDED':
      return { problem, fix: `check the Collector, or raise ${variables.timeout}` };
    case 'PERMISSION_DENIED':
    case 'UNAUTHENTICATED':
      return describeDenial(`${name} (${grpcCode})${quote}`, context);
    case 'RESOURCE_EXHAUSTED':
      return {
        problem,
        fix: `if batches are too large, ${smallerBatches(context)}, or raise max_recv_msg_size_mib of the Collector (4 by default); else ${CHECK_LOAD}`,
      };
    case 'UNIMPLEMENTED':
      return {
        problem: `${endpoint} does not accept ${signal} (${name}, ${grpcCode})${quote}`,
        fix: `correct ${variables.endpoint}, or ${switchOff(context)}`,
      };
    case 'UNAVAILABLE':
      return {
        problem: `${endpoint} is overloaded or not ready (${name}, ${grpcCode})${quote}`,
        fix: CHECK_LOAD,
      };
  }
  return { problem, fix: CHECK_LOG };
}

function describeDenial(
  response: string,
  { origin, headers, variables }: FailureContext,
): FailureDescription {
  const problem = `${origin} denied access with ${response}`;
  if (headers.length === 0) {
    return {
      problem: `${problem}; no headers were sent`,
      fix: `set ${variables.headers}, for example to authorization=Bearer%20<token>`,
    };
  }
  return {
    problem: `${problem}; the headers sent were ${headers.join(', ')}`,
    fix: `correct ${variables.headers}: values are percent-encoded, a space is %20`,
  };
}

/** Returns how to export no more of a signal that the server does not accept. */
function switchOff({ signal, variables }: FailureContext): string {
  const change = variables.exporter ? `set ${variables.exporter}=none` : `do not call ${signal}()`;
  return `${change} if the server does not accept ${signal} (Jaeger accepts only traces)`;
}

function smallerBatches({ variables }: FailureContext): string {
  return variables.batchSize ? `lower ${variables.batchSize}` : 'record fewer metrics';
}

function quoted({ message }: ExportFailure): string {
  return message ? `: "${message}"` : '';
}
