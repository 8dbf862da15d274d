import type { Attributes, Histogram, Meter, MeterProvider } from '@opentelemetry/api';
import { METRIC_DB_CLIENT_OPERATION_DURATION } from '@opentelemetry/semantic-conventions';
import { currentInstruments } from '../current-instruments.ts';

/**
 * Returns a function that records the duration of a SQL statement.
 * @see https://opentelemetry.io/docs/specs/semconv/database/database-metrics/
 */
export function measureSql(
  provider?: MeterProvider,
): (seconds: number, attributes: Attributes) => void {
  const duration = currentInstruments(createDuration, provider);

  return function recordOperation(seconds, attributes) {
    duration().record(seconds, attributes);
  };
}

function createDuration(meter: Meter): Histogram {
  return meter.createHistogram(METRIC_DB_CLIENT_OPERATION_DURATION, {
    description: 'Duration of database client operations.',
    unit: 's',
    advice: { explicitBucketBoundaries: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10] },
  });
}
