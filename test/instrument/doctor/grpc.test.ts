import { createServer, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import { ExportResultCode } from '@opentelemetry/core';
import { describe, expect, test } from 'vitest';
import type { Exporter } from '../../../exporters/exporter.ts';
import { deadlineIn } from '../../../packages/opentelemetry-instrument/src/doctor/deadline.ts';
import { askGrpc } from '../../../packages/opentelemetry-instrument/src/doctor/send/ask-grpc.ts';
import { startFrameServer } from '../../support/http2-frames.ts';
import { examine } from './run-doctor.ts';
import { listen, serveHttp } from './serve.ts';

/** A gRPC server without encryption that ends each call so. @returns its URL and what was called */
async function serveGrpc(status: number, message = '') {
  const calls: IncomingHttpHeaders[] = [];
  const server = createServer();
  server.on('stream', (stream: ServerHttp2Stream, headers) => {
    calls.push(headers);
    stream.on('error', () => {}).resume();
    const head = { ':status': 200, 'content-type': 'application/grpc' };
    const end = { 'grpc-status': `${status}`, 'grpc-message': encodeURIComponent(message) };
    // Failures come as headers alone, successes with a message and trailers, as Go's servers do.
    if (status !== 0) return stream.respond({ ...head, ...end }, { endStream: true });
    stream.respond(head, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers(end));
    stream.end(Buffer.alloc(5));
  });
  return { url: `http://127.0.0.1:${await listen(server)}`, calls };
}

/** What `@grpc/grpc-js` makes of a status: an error with it as code; or it tries again for ever. */
function grpcExporter(status: number | 'tries again', details = ''): Exporter {
  const traces = {
    export(_: unknown, done: (result: { code: ExportResultCode; error?: Error }) => void) {
      if (status === 'tries again') return;
      if (status === 0) return done({ code: ExportResultCode.SUCCESS });
      const error = Object.assign(new Error(`${status}: ${details}`), { code: status, details });
      done({ code: ExportResultCode.FAILED, error });
    },
    shutdown: async () => {},
  };
  return {
    processor: 'batch',
    metricInterval: 60_000,
    describe: () => 'gRPC',
    traces: () => traces,
    metrics: () => null,
    logs: () => null,
  };
}

describe('diagnose() over gRPC', () => {
  test('asks for the service of the signal, and arrives', async () => {
    const { url, calls } = await serveGrpc(0);
    const headers = { 'X-Key': 'secret' };
    const target = { url, protocol: 'grpc', headers } as const;
    const { exitCode, otlp } = await examine({ url, target, exporter: grpcExporter(0) });
    expect(exitCode).toBe(0);
    expect(otlp).toMatchObject({ url, answer: { kind: 'accepted' }, headers: ['X-Key'] });
    expect(calls).toMatchObject([
      {
        ':path': '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
        'content-type': 'application/grpc',
        'x-key': 'secret',
      },
    ]);
  });

  test.each([
    [7, /PERMISSION_DENIED \(7\).*no header is sent, saying "go 100% away"/, /_HEADERS/],
    [12, /UNIMPLEMENTED \(12\): it has no receiver of traces/, /OTEL_TRACES_EXPORTER=none/],
    [16, /UNAUTHENTICATED \(16\)/, /OTEL_EXPORTER_OTLP_HEADERS/],
    [2, /gRPC's status 2, saying/, /own log/],
  ])("explains status %i, by the exporter's error", async (status, because, change) => {
    const { url } = await serveGrpc(status);
    const exporter = grpcExporter(status, 'go 100% away');
    const found = await examine({ url, target: { url, protocol: 'grpc' }, exporter });
    expect(found.because).toMatch(because);
    expect(found.change).toMatch(change);
  });

  test.each([
    [14, /UNAVAILABLE \(14\).*saying "full, 100%"/],
    [8, /RESOURCE_EXHAUSTED \(8\)/],
  ])('explains status %i while the exporter tries again', async (status, because) => {
    const { url } = await serveGrpc(status, 'full, 100%');
    const exporter = grpcExporter('tries again');
    const found = await examine({ url, target: { url, protocol: 'grpc' }, exporter });
    expect(found.because).toMatch(because);
    expect(found.diagnosis.durationMillis).toBeLessThan(3_000);
  });

  test('recognises a server that speaks HTTP/1.1 only', async () => {
    const url = await serveHttp((_, response) => response.end());
    const exporter = grpcExporter('tries again');
    const { because, change } = await examine({
      url,
      target: { url, protocol: 'grpc' },
      exporter,
    });
    expect(because).toBe('the server speaks HTTP/1.1, and gRPC needs HTTP/2.');
    expect(change).toMatch(/4317.*OTEL_EXPORTER_OTLP_PROTOCOL=http\/protobuf$/);
  });
});

test.each([true, false])(
  'askGrpc() survives a server that pushes (reads settings: %s)',
  async (reads) => {
    await using server = await startFrameServer((call) => {
      call.push();
      call.reset(2, 2);
      call.succeed();
    }, reads);
    const reply = await askGrpc('traces', { url: server.url, headers: {} }, {}, deadlineIn(2_000));
    expect(reply.kind).toMatch(/^(?:grpc|no-answer)$/);
  },
);
