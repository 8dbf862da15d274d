import { type Attributes, type Histogram, type MeterProvider, metrics } from '@opentelemetry/api';
import { METRIC_DB_CLIENT_OPERATION_DURATION } from '@opentelemetry/semantic-conventions';
import { SCOPE_NAME, SCOPE_VERSION } from './scope.ts';

/**
 * Measures statements by the meter provider that is registered at that time.
 * @see https://opentelemetry.io/docs/specs/semconv/database/database-metrics/
 */
export function measureSql(
  provider?: MeterProvider,
): (seconds: number, attributes: Attributes) => void {
  let source: MeterProvider | undefined;
  let duration: Histogram | undefined;

  return function recordOperation(seconds, attributes) {
    const current = provider ?? metrics.getMeterProvider();
    if (duration === undefined || source !== current) {
      source = current;
      duration = createDuration(current);
    }
    duration.record(seconds, attributes);
  };
}

function createDuration(provider: MeterProvider): Histogram {
  return provider
    .getMeter(SCOPE_NAME, SCOPE_VERSION)
    .createHistogram(METRIC_DB_CLIENT_OPERATION_DURATION, {
      description: 'Duration of database client operations.',
      unit: 's',
      advice: { explicitBucketBoundaries: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10] },
    });
}
