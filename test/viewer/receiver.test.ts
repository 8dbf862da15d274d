import { Buffer } from 'node:buffer';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openOtlp, send } from '../support/otlp-protocols.ts';
import { PROTOCOLS } from '../support/protocols.ts';
import { recordLogs, recordMetrics, recordSpans } from '../support/sdk-records.ts';
import { grpcProblem, type SpawnedViewer, spawnViewer } from './spawn-viewer.ts';

let viewer: SpawnedViewer;
beforeAll(async () => {
  viewer = await spawnViewer();
});
afterAll(() => viewer[Symbol.asyncDispose]());
beforeEach(async () => {
  await fetch(`${viewer.httpUrl}/v1/traces`, { method: 'DELETE' });
});

const traceId = '0af7651916cd43dd8448eb211c80319c';

function jsonRequest(spans: unknown[]): string {
  return JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
}

function post(body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) {
  return fetch(`${viewer.httpUrl}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
}

for (const protocol of PROTOCOLS) {
  for (const compression of ['none', 'gzip']) {
    test(`receives all signals over ${protocol} with compression ${compression}`, async ({
      skip,
    }) => {
      skip(protocol === 'grpc' && grpcProblem !== undefined, grpcProblem);
      const url = protocol === 'grpc' ? viewer.grpcUrl : viewer.httpUrl;
      const exporter = await openOtlp(protocol, url, {
        OTEL_EXPORTER_OTLP_COMPRESSION: compression,
        OTEL_TRACES_EXPORTER: 'otlp',
        OTEL_METRICS_EXPORTER: 'otlp',
        OTEL_LOGS_EXPORTER: 'otlp',
      });
      const spans = recordSpans((tracer) => tracer.startSpan('milk').end());
      const logs = recordLogs((logger) => logger.emit({ body: 'bread' }));
      const { meter, collect } = recordMetrics();
      meter.createCounter('butter').add(1);
      expect(await send(exporter, 'traces', spans)).toEqual({ code: 0 });
      expect(await send(exporter, 'logs', logs)).toEqual({ code: 0 });
      expect(await send(exporter, 'metrics', await collect())).toEqual({ code: 0 });
      expect(await viewer.spanNames()).toEqual(['milk']);
    });
  }
}

describe('responses', () => {
  test('a span with an invalid id is a partial success', async () => {
    const good = { traceId, spanId: '00f067aa0ba902b7', name: 'good' };
    const response = await post(jsonRequest([good, { ...good, spanId: 'forged' }]));
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      partialSuccess: { rejectedSpans: '1', errorMessage: 'Spans have an invalid id.' },
    });
    expect(await viewer.spanNames()).toEqual(['good']);
  });

  test('more spans than a trace may have are a partial success', async () => {
    const spans = Array.from({ length: 5_001 }, (_, index) => ({
      traceId,
      spanId: (index + 1).toString(16).padStart(16, '0'),
    }));
    expect(await (await post(jsonRequest(spans))).json()).toMatchObject({
      partialSuccess: { rejectedSpans: '1' },
    });
  });

  test.each([
    ['a body that is not JSON', '{', {}, 400],
    ['a body that is not an object', '[]', {}, 400],
    ['a body that is not gzip', '{}', { 'content-encoding': 'gzip' }, 400],
    ['another content type', '{}', { 'content-type': 'text/plain' }, 415],
    ['another compression', '{}', { 'content-encoding': 'br' }, 415],
    ['a host name of another site', '{}', { origin: 'https://example.com' }, 403],
  ])('refuses %s', async (_, body, headers, status) => {
    expect((await post(body, headers)).status).toBe(status);
  });

  test('refuses 64 MiB, plain and compressed', async () => {
    const large = Buffer.alloc(64 * 1024 * 1024, ' ');
    const compressed = await post(new Uint8Array(gzipSync(large)), { 'content-encoding': 'gzip' });
    expect(compressed.status).toBe(413);
    // The server may close the connection while the client still sends.
    const plain = await post(new Uint8Array(large)).catch(() => ({ status: 413 }));
    expect(plain.status).toBe(413);
  });

  test('allows pages of this machine to send', async () => {
    const origin = 'http://localhost:5000';
    const preflight = await fetch(`${viewer.httpUrl}/v1/traces`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    });
    expect(preflight.headers.get('access-control-allow-origin')).toBe(origin);
    expect(preflight.headers.get('access-control-allow-headers')).toBe('content-type');
    const response = await post('{}', { origin });
    expect(response.headers.get('access-control-allow-origin')).toBe(origin);
  });

  test('lists the allowed methods and the paths', async () => {
    expect((await fetch(`${viewer.httpUrl}/v1/logs`)).status).toBe(405);
    expect((await fetch(`${viewer.httpUrl}/v1/profiles`)).status).toBe(404);
  });
});

test('counts records that cannot be decoded', async () => {
  const point = { asInt: '1', timeUnixNano: '1' };
  const metrics = [
    { name: 'milk', gauge: { dataPoints: [point] } },
    { name: 'bread', summary: { dataPoints: [point, point] } },
  ];
  await using other = await spawnViewer();
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  const send = (path: string, body: string) =>
    fetch(`${other.httpUrl}/v1/${path}`, { method: 'POST', headers, body });
  await send('traces', jsonRequest([{ traceId, spanId: 'forged' }]));
  await send('metrics', JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ metrics }] }] }));
  const status = await (await fetch(`${other.url}/status`, { headers })).json();
  expect(status).toMatchObject({ rejected: { traces: 1, metrics: 2, logs: 0 } });
  const page = await (await fetch(`${other.url}/status`)).text();
  expect(page).toMatch(/Spans with an invalid id<\/th><td class="num">1</);
});

test('names its flag when it cannot forward', async () => {
  // Nothing listens on the port of TCP services.
  await using front = await spawnViewer(['--forward', 'http://localhost:1']);
  const headers = { 'content-type': 'application/json' };
  const body = jsonRequest([{ traceId, spanId: '00f067aa0ba902b7', name: 'milk' }]);
  await fetch(`${front.httpUrl}/v1/traces`, { method: 'POST', headers, body });
  await expect.poll(() => front.output.stderr, { timeout: 20_000 }).toContain('--forward');
});

test('forwards everything to another endpoint', async () => {
  await using front = await spawnViewer(['--forward', viewer.httpUrl]);
  const spans = recordSpans((tracer) => tracer.startSpan('milk').end());
  const exporter = await openOtlp('http/protobuf', front.httpUrl);
  await send(exporter, 'traces', spans);
  await expect.poll(() => viewer.spanNames()).toEqual(['milk']);
  expect(await front.spanNames()).toEqual(['milk']);
});
