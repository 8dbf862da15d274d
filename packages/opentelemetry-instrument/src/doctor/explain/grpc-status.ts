import type { Answer, Cause } from '../diagnosis.ts';
import { says } from '../show.ts';
import { type Circumstances, explainHeaders } from './setting-names.ts';

/**
 * Why a server refuses an export request over gRPC, by its status.
 * @see https://grpc.io/docs/guides/status-codes/
 */
export function explainGrpcStatus(
  { status, message }: Answer & { kind: 'grpc' },
  about: Circumstances,
): Cause {
  const { names, signal } = about;
  const { sent, change: changeHeaders } = explainHeaders(about);
  const causes: Readonly<Record<number, readonly [name: string, what: string, change: string]>> = {
    4: [
      'DEADLINE_EXCEEDED',
      'no answer in time',
      `Look at the Collector's own log; where it is only slow, raise ${names.timeout}.`,
    ],
    7: ['PERMISSION_DENIED', `it does not let us in; ${sent}`, changeHeaders],
    8: [
      'RESOURCE_EXHAUSTED',
      'it is overloaded, or one record is too large',
      "Look at the Collector's memory, queues and limits, or send less.",
    ],
    12: [
      'UNIMPLEMENTED',
      `it has no receiver of ${signal}`,
      `Set ${names.exporter}=none if this server takes no ${signal}, as Jaeger takes traces only.`,
    ],
    14: [
      'UNAVAILABLE',
      'it is overloaded, or not ready',
      "Look at the Collector's memory and queues, or send less.",
    ],
    16: ['UNAUTHENTICATED', `it does not let us in; ${sent}`, changeHeaders],
  };
  const cause = causes[status];
  if (cause === undefined) {
    return {
      because: `the server answers with gRPC's status ${status}${says(message)}.`,
      change: "Look at the server's own log.",
    };
  }
  const [name, what, change] = cause;
  return { because: `the server answers ${name} (${status}): ${what}${says(message)}.`, change };
}
