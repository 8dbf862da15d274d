import type { Attributes, Context, Meter } from '@opentelemetry/api';
import {
  ATTR_ERROR_TYPE,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
  ATTR_NETWORK_PROTOCOL_VERSION,
  ATTR_URL_SCHEME,
  METRIC_HTTP_SERVER_REQUEST_DURATION,
} from '@opentelemetry/semantic-conventions';
import { currentInstruments } from '../current-instruments.ts';
import { createLegacyDuration, legacyMetricAttributes } from '../semconv/legacy.ts';
import { createAttributeCache } from './attribute-cache.ts';
import { ATTR_HTTP_REQUEST_BODY_SIZE } from './opt-in.ts';
import type { TraceHttpOptions } from './options.ts';

/**
 * Records one request when it has ended.
 * @param outcome attributes that are known only from the response
 * @param responseSize bytes of the body, if known
 */
export type RecordRequest = (seconds: number, outcome: Attributes, responseSize?: number) => void;

/**
 * Returns a function that is called at the start of a request, and returns one to call at its end.
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-metrics/#http-server
 */
export function measureHttp({
  optIn = {},
  semconv = 'stable',
  meterProvider,
}: TraceHttpOptions): (request: Attributes, spanContext: Context) => RecordRequest {
  const instruments = currentInstruments(
    (meter) => ({
      ...createInstruments(meter),
      legacyDuration: semconv === 'dup' ? createLegacyDuration(meter) : undefined,
    }),
    meterProvider,
  );

  const cached = createAttributeCache();

  return function startRequest(request, spanContext) {
    const { duration, legacyDuration, activeRequests, requestBodySize, responseBodySize } =
      instruments();
    const active = optIn.activeRequests ? activeRequestAttributes(request) : undefined;
    if (active) activeRequests.add(1, active, spanContext);

    return function recordRequest(seconds, outcome, responseSize) {
      if (active) activeRequests.add(-1, active, spanContext);
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
      duration.record(seconds, attributes, spanContext);
      legacyDuration?.record(seconds * 1000, legacyMetricAttributes(request, outcome), spanContext);
      if (!optIn.bodySizes) return;
      const requestSize = request[ATTR_HTTP_REQUEST_BODY_SIZE];
      if (typeof requestSize === 'number')
        requestBodySize.record(requestSize, attributes, spanContext);
      if (responseSize !== undefined)
        responseBodySize.record(responseSize, attributes, spanContext);
    };
  };
}

function activeRequestAttributes(request: Attributes): Attributes {
  return {
    [ATTR_HTTP_REQUEST_METHOD]: request[ATTR_HTTP_REQUEST_METHOD],
    [ATTR_URL_SCHEME]: request[ATTR_URL_SCHEME],
  };
}

function createInstruments(meter: Meter) {
  return {
    duration: meter.createHistogram(METRIC_HTTP_SERVER_REQUEST_DURATION, {
      description: 'Duration of HTTP server requests.',
      unit: 's',
      advice: {
        explicitBucketBoundaries: [
          0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
        ],
      },
    }),
    activeRequests: meter.createUpDownCounter('http.server.active_requests', {
      description: 'Number of active HTTP server requests.',
      unit: '{request}',
    }),
    requestBodySize: meter.createHistogram('http.server.request.body.size', {
      description: 'Size of HTTP server request bodies.',
      unit: 'By',
    }),
    responseBodySize: meter.createHistogram('http.server.response.body.size', {
      description: 'Size of HTTP server response bodies.',
      unit: 'By',
    }),
  };
}
