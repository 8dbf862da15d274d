import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { OtlpSpan } from './otlp-records.ts';
import { type OtlpSink, startOtlpSink } from './otlp-sink.ts';
import type { Attributes, AttributeValue } from './otlp-values.ts';

/** The interface of Jaeger 2.20 for scripts: OTLP, the query API and pages. */
export interface FakeJaeger extends AsyncDisposable {
  /** URL for OTLP over HTTP. */
  readonly otlp: OtlpSink;
  /** URL of the query API. */
  readonly url: string;
}

/** @param isKept which spans it does not lose; default: all */
export async function startFakeJaeger(
  isKept: (span: OtlpSpan) => boolean = () => true,
): Promise<FakeJaeger> {
  const otlp = await startOtlpSink();
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://jaeger');
    const answer = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    const spans = otlp.spans.filter(isKept);
    const give = (found: readonly OtlpSpan[]) =>
      found.length > 0
        ? answer(200, { result: { resourceSpans: found.map(resourceSpans) } })
        : answer(404, { error: { httpCode: 404, message: 'No traces found' } });

    const traceId = /^\/api\/v3\/traces\/([0-9a-f]{32})$/.exec(pathname)?.[1];
    if (pathname === '/api/v3/services') {
      answer(200, { services: [...new Set(spans.map(serviceOf))] });
    } else if (pathname === '/api/v3/operations') {
      const names = spans
        .filter((span) => serviceOf(span) === searchParams.get('service'))
        .map(({ name }) => name);
      answer(200, { operations: [...new Set(names)].map((name) => ({ name })) });
    } else if (traceId !== undefined) {
      give(spans.filter((span) => span.traceId === traceId));
    } else if (pathname === '/api/v3/traces') {
      const query = (name: string) => searchParams.get(`query.${name}`) ?? '';
      if (![query('startTimeMin'), query('startTimeMax')].every(isTime)) {
        answer(400, { error: { httpCode: 400, message: 'malformed parameter' } });
        return;
      }
      const tags = Object.entries<string>(JSON.parse(query('attributes') || '{}'));
      const found = spans.filter(
        (span) => serviceOf(span) === query('serviceName') && tags.every((tag) => has(span, tag)),
      );
      const ids = new Set(found.map((span) => span.traceId));
      give(spans.filter((span) => ids.has(span.traceId)));
    } else if (/^\/(trace\/|search$)/.test(pathname)) {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<html></html>');
    } else {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    otlp,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await otlp.close();
    },
  };
}

const serviceOf = ({ resource }: OtlpSpan) => String(resource['service.name']);

/** Returns true for an RFC 3339 time, the only form that Jaeger accepts. */
const isTime = (value: string) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value);

/** Returns true if the span or its resource has an attribute whose text equals the tag. */
function has({ attributes, resource }: OtlpSpan, [key, value]: [string, string]): boolean {
  return [attributes[key], resource[key]].some((own) => String(own) === value);
}

/** Converts a span to OTLP/JSON: ids in hex, 64-bit numbers as strings. */
function resourceSpans({ resource, scope, ...span }: OtlpSpan): object {
  return {
    resource: { attributes: keyValues(resource) },
    scopeSpans: [
      {
        scope,
        spans: [
          {
            traceId: span.traceId,
            spanId: span.spanId,
            parentSpanId: span.parentSpanId,
            name: span.name,
            kind: span.kind,
            startTimeUnixNano: String(span.startTime),
            endTimeUnixNano: String(span.endTime),
            attributes: keyValues(span.attributes),
            status: span.status,
          },
        ],
      },
    ],
  };
}

function keyValues(attributes: Attributes): object[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }));
}

function anyValue(value: AttributeValue): object {
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'bigint' || Number.isInteger(value)) return { intValue: String(value) };
  if (typeof value === 'number') return { doubleValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  return { stringValue: String(value) };
}
