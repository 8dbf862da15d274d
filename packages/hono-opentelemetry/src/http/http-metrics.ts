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
import { createOldDuration, oldLabels } from '../semconv/legacy.ts';
import { holdLabels } from './attribute-cache.ts';
import { ATTR_HTTP_REQUEST_BODY_SIZE } from './opt-in.ts';
import type { TraceHttpOptions } from './options.ts';

/** Ends the measuring of one request. `outcome` holds what only the response told. */
export type RecordRequest = (seconds: number, outcome: Attributes, responseSize?: number) => void;

/**
 * Measures requests.
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-metrics/#http-server
 */
export function measureHttp({
  optIn = {},
  oldNames = false,
  meterProvider,
}: TraceHttpOptions): (request: Attributes, spanContext: Context) => RecordRequest {
  const instruments = currentInstruments(
    (meter) => ({
      ...createInstruments(meter),
      oldDuration: oldNames ? createOldDuration(meter) : undefined,
    }),
    meterProvider,
  );

  const held = holdLabels();

  return function startRequest(request, spanContext) {
    const { duration, oldDuration, activeRequests, requestBodySize, responseBodySize } =
      instruments();
    const active = optIn.activeRequests ? activeLabels(request) : undefined;
    if (active) activeRequests.add(1, active, spanContext);

    return function recordRequest(seconds, outcome, responseSize) {
      if (active) activeRequests.add(-1, active, spanContext);
      const method = request[ATTR_HTTP_REQUEST_METHOD];
      const scheme = request[ATTR_URL_SCHEME];
      const version = request[ATTR_NETWORK_PROTOCOL_VERSION];
      const status = outcome[ATTR_HTTP_RESPONSE_STATUS_CODE];
      const route = outcome[ATTR_HTTP_ROUTE];
      const error = outcome[ATTR_ERROR_TYPE];
      const all = held(`${method} ${scheme} ${version} ${status} ${error}\0${route}`, () => ({
        [ATTR_HTTP_REQUEST_METHOD]: method,
        [ATTR_URL_SCHEME]: scheme,
        ...(version !== undefined && { [ATTR_NETWORK_PROTOCOL_VERSION]: version }),
        ...outcome,
      }));
      duration.record(seconds, all, spanContext);
      oldDuration?.record(seconds * 1000, oldLabels(request, outcome), spanContext);
      if (!optIn.bodySizes) return;
      const requestSize = request[ATTR_HTTP_REQUEST_BODY_SIZE];
      if (typeof requestSize === 'number') requestBodySize.record(requestSize, all, spanContext);
      if (responseSize !== undefined) responseBodySize.record(responseSize, all, spanContext);
    };
  };
}

function activeLabels(request: Attributes): Attributes {
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
