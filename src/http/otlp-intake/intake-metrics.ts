import { metrics } from '@opentelemetry/api';
import { VERSION } from '../../version.ts';

const ATTR_ERROR_TYPE = 'error.type';

interface IntakeMetrics {
  /** @param status of the response */
  batchReceived(status: number): void;
  spansParsed(accepted: number, rejected: number): void;
}

/**
 * Creates the counters of batches and spans that pages send. As in the `otel.sdk.*` metrics, what was
 * accepted has no `error.type`; a refused batch has the status of its response.
 *
 * Call it after the providers are registered: the API's meters do not start to work later.
 */
export function createIntakeMetrics(): IntakeMetrics {
  const meter = metrics.getMeter('todo.browser', VERSION);
  const batches = meter.createCounter('browser_span.batch.received', {
    description: 'Batches of spans sent by pages, by outcome',
    unit: '{batch}',
  });
  const spans = meter.createCounter('browser_span.received', {
    description: 'Spans in accepted batches, by outcome',
    unit: '{span}',
  });

  return {
    batchReceived(status) {
      batches.add(1, status < 400 ? {} : { [ATTR_ERROR_TYPE]: String(status) });
    },
    spansParsed(accepted, rejected) {
      if (accepted > 0) spans.add(accepted);
      if (rejected > 0) spans.add(rejected, { [ATTR_ERROR_TYPE]: 'rejected' });
    },
  };
}
