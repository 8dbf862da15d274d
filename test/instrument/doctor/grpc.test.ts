import { createServer, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import { describe, expect, test } from 'vitest';
import { examine } from './run-doctor.ts';
import { listen, serveHttp } from './serve.ts';

/** Starts a gRPC server without TLS that ends each call with `status`. Returns its URL and the calls. */
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

describe('diagnose() over gRPC', () => {
  test('calls the service of the signal', async () => {
    const { url, calls } = await serveGrpc(0);
    const headers = { 'X-Key': 'secret' };
    const target = { url, protocol: 'grpc', headers } as const;
    const { exitCode, otlp } = await examine({ url, target });
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
    [7, /PERMISSION_DENIED \(7\): "go 100% away"; no headers were sent/, /_HEADERS/],
    [12, /does not accept traces \(UNIMPLEMENTED, 12\)/, /OTEL_TRACES_EXPORTER=none/],
    [16, /UNAUTHENTICATED \(16\)/, /OTEL_EXPORTER_OTLP_HEADERS/],
    [2, /responded with UNKNOWN \(2\): "go 100% away"/, /log/],
    [8, /RESOURCE_EXHAUSTED \(8\)/, /max_recv_msg_size_mib/],
    [14, /overloaded or not ready \(UNAVAILABLE, 14\): "go 100% away"/, /memory and queues/],
  ])('explains status %i', async (status, because, change) => {
    const { url } = await serveGrpc(status, 'go 100% away');
    const found = await examine({ url, target: { url, protocol: 'grpc' } });
    expect(found.otlp.answer).toEqual({ kind: 'grpc', status, message: 'go 100% away' });
    expect(found.because).toMatch(because);
    expect(found.change).toMatch(change);
    expect(found.diagnosis.durationMillis).toBeLessThan(9_000);
  });

  test('recognizes a server that supports only HTTP/1.1', async () => {
    const url = await serveHttp((_, response) => response.end());
    const { because, change } = await examine({ url, target: { url, protocol: 'grpc' } });
    expect(because).toBe('the server supports only HTTP/1.1, but gRPC requires HTTP/2.');
    expect(change).toMatch(/4317.*OTEL_EXPORTER_OTLP_PROTOCOL=http\/protobuf$/);
  });
});
