import type { Signal } from 'opentelemetry-instrument-exporters';
import type { Answer, Cause } from '../diagnosis.ts';
import { says } from '../show.ts';
import { explainSpeech } from './detected-protocol.ts';
import { explainGrpcStatus } from './grpc-status.ts';
import { explainHttpStatus } from './http-status.ts';
import type { Circumstances } from './setting-names.ts';

const UNITS: Readonly<Record<Signal, string>> = {
  traces: 'span',
  metrics: 'data point',
  logs: 'log record',
};

/** Why a record has not arrived; undefined when it has, or was not sent. */
export function explainAnswer(answer: Answer, about: Circumstances): Cause | undefined {
  const { names, signal } = about;
  switch (answer.kind) {
    case 'not-sent':
    case 'accepted':
      return undefined;
    case 'partial':
      return {
        because: `the other end took the request and rejected its ${UNITS[signal]}${says(answer.message)}.`,
        change: 'Look at the limits and filters of the other end.',
      };
    case 'no-otlp':
      return {
        because: `a web page answers there (${answer.status}, ${answer.contentType}), no OTLP receiver.`,
        change: `Correct host and port in ${names.endpoint}: a Collector takes ${about.protocol === 'grpc' ? 'gRPC at 4317' : 'OTLP over HTTP at 4318'}.`,
      };
    case 'http':
      return explainHttpStatus(answer, about);
    case 'grpc':
      return explainGrpcStatus(answer, about);
    case 'timeout':
      return {
        because:
          answer.status === null
            ? `the server takes the request and does not answer within ${answer.millis} ms.`
            : `the server begins to answer (${answer.status}) and has not finished within ${answer.millis} ms.`,
        change: `Look at the Collector's own log; where it is only slow, raise ${names.timeout}.`,
      };
    case 'no-answer':
      return explainSpeech(answer, about);
    case 'failed':
      return {
        because: `the exporter fails: ${answer.message}${/[.!?]$/.test(answer.message) ? '' : '.'}`,
        change: 'Look at its settings above.',
      };
  }
}
