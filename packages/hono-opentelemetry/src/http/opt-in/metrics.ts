import type { Attributes, Context, Meter } from '@opentelemetry/api';
import { ATTR_HTTP_REQUEST_METHOD, ATTR_URL_SCHEME } from '@opentelemetry/semantic-conventions';
import { currentInstruments } from '../../current-instruments.ts';
import { createLegacyDuration, legacyMetricAttributes } from '../../semconv/legacy.ts';
import type { TraceHttpOptions } from '../options.ts';
import { ATTR_HTTP_REQUEST_BODY_SIZE } from './attributes.ts';

/**
 * Records the opt-in metrics of a request at its end.
 * @param attributes attributes of its duration
 * @param outcome attributes that are known only from the response
 * @param spanContext a context with the span of the request
 * @param responseSize bytes of the body, if known
 */
export type RecordOptIn = (
  seconds: number,
  attributes: Attributes,
  outcome: Attributes,
  spanContext: Context,
  responseSize?: number,
) => void;

/**
 * Returns a function that starts the opt-in metrics of a request.
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-metrics/#http-server
 */
export function measureOptIn({
  optIn = {},
  semconv,
  meterProvider,
}: TraceHttpOptions): (request: Attributes, spanContext: Context) => RecordOptIn {
  const instruments = currentInstruments(
    (meter) => ({
      ...(semconv === 'dup' && { legacyDuration: createLegacyDuration(meter) }),
      ...(optIn.activeRequests && { activeRequests: createActiveRequests(meter) }),
      ...(optIn.bodySizes && createBodySizes(meter)),
    }),
    meterProvider,
  );

  return function startMetrics(request, spanContext) {
    const { legacyDuration, activeRequests, requestBodySize, responseBodySize } = instruments();
    const active = {
      [ATTR_HTTP_REQUEST_METHOD]: request[ATTR_HTTP_REQUEST_METHOD],
      [ATTR_URL_SCHEME]: request[ATTR_URL_SCHEME],
    };
    activeRequests?.add(1, active, spanContext);

    return function recordOptIn(seconds, attributes, outcome, spanContext, responseSize) {
      activeRequests?.add(-1, active, spanContext);
      legacyDuration?.record(seconds * 1000, legacyMetricAttributes(request, outcome), spanContext);
      const requestSize = request[ATTR_HTTP_REQUEST_BODY_SIZE];
      if (typeof requestSize === 'number') {
        requestBodySize?.record(requestSize, attributes, spanContext);
      }
      if (responseSize !== undefined) {
        responseBodySize?.record(responseSize, attributes, spanContext);
      }
    };
  };
}

function createActiveRequests(meter: Meter) {
  return meter.createUpDownCounter('http.server.active_requests', {
    description: 'Number of active HTTP server requests.',
    unit: '{request}',
  });
}

function createBodySizes(meter: Meter) {
  return {
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
