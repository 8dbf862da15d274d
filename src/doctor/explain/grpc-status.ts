import type { Answer, Cause } from '../diagnosis.ts';
import type { Sender } from './answer.ts';
import { says } from './says.ts';

/**
 * Why a server refuses an export request over gRPC, by its status.
 * @see https://grpc.io/docs/guides/status-codes/
 */
export function explainGrpcStatus(
  { status, message }: Answer & { kind: 'grpc' },
  { names, signal, headers }: Sender,
): Cause {
  const because = (name: string, what: string) =>
    `the server answers ${name} (${status}): ${what}${says(message)}.`;
  const sent =
    headers.length > 0 ? `the headers sent are ${headers.join(', ')}` : 'no header is sent';
  switch (status) {
    case 4:
      return {
        because: because('DEADLINE_EXCEEDED', 'no answer in time'),
        change: `Look at the Collector's own log; where it is only slow, raise ${names.timeout}.`,
      };
    case 7:
      return {
        because: because('PERMISSION_DENIED', `it does not let us in; ${sent}`),
        change: `Correct ${names.headers}.`,
      };
    case 8:
      return {
        because: because('RESOURCE_EXHAUSTED', 'it is overloaded, or one record is too large'),
        change: "Look at the Collector's memory, queues and limits, or send less.",
      };
    case 12:
      return {
        because: because('UNIMPLEMENTED', `it has no receiver of ${signal}`),
        change: `Set ${names.exporter}=none if this server takes no ${signal}, as Jaeger takes traces only.`,
      };
    case 14:
      return {
        because: because('UNAVAILABLE', 'it is overloaded, or not ready'),
        change: "Look at the Collector's memory and queues, or send less.",
      };
    case 16:
      return {
        because: because('UNAUTHENTICATED', `it does not let us in; ${sent}`),
        change: `Set ${names.headers}, as in authorization=Bearer%20<token>.`,
      };
  }
  return {
    because: `the server answers with gRPC's status ${status}${says(message)}.`,
    change: "Look at the server's own log.",
  };
}
