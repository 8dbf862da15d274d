import { type ServiceError, status } from '@grpc/grpc-js';
import type { OtlpSettings } from '../../src/settings.ts';
import { addressOf } from './destination.ts';
import { hugeAnswer } from './explain-answer.ts';
import { explainFailure } from './explain-failure.ts';
import { MAX_ANSWER } from './transport.ts';

const REMEDIES: Readonly<Partial<Record<status, string>>> = {
  [status.UNAUTHENTICATED]: 'check OTEL_EXPORTER_OTLP_HEADERS',
  [status.PERMISSION_DENIED]: 'check OTEL_EXPORTER_OTLP_HEADERS',
  [status.UNIMPLEMENTED]: 'check OTEL_EXPORTER_OTLP_ENDPOINT, and that it receives this signal',
  [status.RESOURCE_EXHAUSTED]:
    'lower OTEL_BSP_MAX_EXPORT_BATCH_SIZE or OTEL_BLRP_MAX_EXPORT_BATCH_SIZE where the batch is too large',
};

/** Says of a call that failed why, and what to do. Has no full stop. */
export function explainStatus(failure: Partial<ServiceError>, settings: OtlpSettings): Error {
  const { code, details } = failure;
  // Made by grpc-js itself, without an answer.
  const hasAnswer = details !== undefined && !/^(?:no connection|name resolution)/i.test(details);
  if (code === undefined || !hasAnswer) return explainFailure(details ?? failure, settings);
  if (details.includes(`vs ${MAX_ANSWER})`)) return hugeAnswer(settings);
  const remedy = REMEDIES[code] ?? 'see the log of the Collector there';
  return new Error(`${addressOf(settings)} refuses with ${status[code]}: ${remedy}`);
}
