import type { Attributes, Context, MeterProvider } from '@opentelemetry/api';
import {
  ATTR_ERROR_TYPE,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
  ATTR_NETWORK_PROTOCOL_VERSION,
  ATTR_URL_SCHEME,
  METRIC_HTTP_SERVER_REQUEST_DURATION,
} from '@opentelemetry/semantic-conventions';
import { currentInstruments, HTTP_DURATION_BUCKETS } from '../current-instruments.ts';

/**
 * Records the duration of a request that has ended.
 * @param request attributes of the span at its start
 * @param outcome attributes that are known only from the response
 * @returns the attributes of the measurement
 */
export type RecordDuration = (
  seconds: number,
  request: Attributes,
  outcome: Attributes,
  spanContext: Context,
) => Attributes;

/**
 * Creates a function that records durations.
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-metrics/#http-server
 */
export function createDurationRecorder(meterProvider: MeterProvider | undefined): RecordDuration {
  const histogram = currentInstruments(
    (meter) =>
      meter.createHistogram(METRIC_HTTP_SERVER_REQUEST_DURATION, {
        description: 'Duration of HTTP server requests.',
        unit: 's',
        advice: { explicitBucketBoundaries: HTTP_DURATION_BUCKETS },
      }),
    meterProvider,
  );
  const cached = createAttributeCache();

  return function recordDuration(seconds, request, outcome, spanContext) {
    const method = request[ATTR_HTTP_REQUEST_METHOD];
    const scheme = request[ATTR_URL_SCHEME];
    const version = request[ATTR_NETWORK_PROTOCOL_VERSION];
    const status = outcome[ATTR_HTTP_RESPONSE_STATUS_CODE];
    const route = outcome[ATTR_HTTP_ROUTE];
    const error = outcome[ATTR_ERROR_TYPE];
    const attributes = cached(
      `${method} ${scheme} ${version} ${status} ${error}\0${route}`,
      () => ({
        [ATTR_HTTP_REQUEST_METHOD]: method,
        [ATTR_URL_SCHEME]: scheme,
        ...(version !== undefined && { [ATTR_NETWORK_PROTOCOL_VERSION]: version }),
        ...outcome,
      }),
    );
    histogram().record(seconds, attributes, spanContext);
    return attributes;
  };
}

/** Bounds memory against clients that send random `Host` headers. */
const MAX_ENTRIES = 1_000;

/**
 * Creates a function that returns one frozen object for each key.
 *
 * A meter provider can find the time series of a frozen object by identity, without reading it.
 */
function createAttributeCache(): (key: string, create: () => Attributes) => Attributes {
  const cache = new Map<string, Attributes>();

  return function cached(key, create) {
    const known = cache.get(key);
    if (known !== undefined) return known;
    const attributes = Object.freeze(create());
    if (cache.size < MAX_ENTRIES) cache.set(key, attributes);
    return attributes;
  };
}
