import { createServer as createHttp2Server } from 'node:http2';
import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { probeConnection } from '../../../packages/opentelemetry-instrument/src/doctor/connect/probe-connection.ts';
import { deadlineIn } from '../../../packages/opentelemetry-instrument/src/doctor/deadline.ts';
import { fullPort } from './full-port.ts';
import { examine } from './run-doctor.ts';
import { closedPort, listen, listenForConnections } from './serve.ts';

describe('diagnose()', () => {
  test('reports a refused connection before it sends anything', async () => {
    const port = await closedPort();
    const { exitCode, otlp, because, change, diagnosis } = await examine({
      url: `http://localhost:${port}`,
    });
    expect(exitCode).toBe(1);
    expect(because).toBe(`nothing is listening on localhost:${port} (connection refused).`);
    expect(change).toMatch(/^Start a Collector there.*localhost is the container itself\.$/);
    expect(otlp.connection).toMatchObject({ kind: 'refused', host: 'localhost', port });
    expect(otlp.answer).toEqual({ kind: 'not-sent' });
    expect(diagnosis.durationMillis).toBeLessThan(10_000);
  });

  test.each([
    [
      4318,
      4317,
      'http/protobuf',
      /also open port 4318 of the Collector.*set OTEL_EXPORTER_OTLP_PROTOCOL=grpc/,
    ],
    [4318, 4317, 'grpc', /on 4317, the gRPC port: use that port in OTEL_/],
    [4317, 4318, 'http/protobuf', /on 4318, the port for OTLP over HTTP: use that port in OTEL_/],
  ] as const)(
    'finds the open port if %i is refused: %i (%s)',
    async (port, other, protocol, change) => {
      // All of 127.0.0.0/8 is this machine, and no other program uses this part of it.
      const host = `127.43.${process.pid % 250}.${(process.pid >> 8) % 250}`;
      await listen(createServer(), other, host);
      const found = await examine({ url: `http://${host}:${port}`, target: { protocol } });
      expect(found.otlp.connection).toMatchObject({ kind: 'refused', listensAt: other });
      expect(found.change).toMatch(change);
    },
  );

  test('reports an unknown host name', async () => {
    const { otlp, because, change } = await examine({ url: 'http://collector.invalid:4318' });
    expect(otlp.connection).toMatchObject({ kind: 'unknown-host', host: 'collector.invalid' });
    expect(because).toMatch(/^the host name collector\.invalid is unknown \(E\w+\)\.$/);
    expect(change).toMatch(/OTEL_EXPORTER_OTLP_ENDPOINT.*containers/);
  });

  test('recognizes gRPC at a URL for HTTP', async () => {
    const port = await listen(createHttp2Server());
    const { otlp, because, change } = await examine({ url: `http://127.0.0.1:${port}` });
    expect(otlp.answer).toMatchObject({ kind: 'no-answer', speaks: { kind: 'http/2' } });
    expect(because).toMatch(/^the server supports only HTTP\/2, as for gRPC/);
    expect(change).toMatch(/4318.*OTEL_EXPORTER_OTLP_PROTOCOL=grpc$/);
  });

  test('recognizes another protocol and quotes its greeting', async () => {
    const port = await listenForConnections((socket) =>
      socket.write('SSH-2.0-OpenSSH_9.6\u001b[31m\r\n'),
    );
    const { otlp, because } = await examine({ url: `http://127.0.0.1:${port}` });
    const banner = 'SSH-2.0-OpenSSH_9.6 [31m';
    expect(otlp.answer).toMatchObject({ speaks: { kind: 'other', banner } });
    expect(because).toBe(`something other than OTLP is listening there: "${banner}".`);
  });

  test('recognizes a port that closes connections', async () => {
    const port = await listenForConnections((socket) => socket.destroy());
    const { otlp, change } = await examine({ url: `http://127.0.0.1:${port}` });
    expect(otlp.answer).toMatchObject({ kind: 'no-answer', speaks: { kind: 'closes' } });
    expect(change).toMatch(/a published port or a proxy without a server/);
  });

  test('recognizes a server that closes the connection during a request', async () => {
    const port = await listenForConnections((socket) =>
      socket.once('data', (bytes) =>
        bytes.toString().startsWith('POST')
          ? socket.destroy()
          : socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'),
      ),
    );
    const { because } = await examine({ url: `http://127.0.0.1:${port}` });
    expect(because).toMatch(/^the server closes the connection before it responds \(\w+\)\.$/);
  });
});

describe('probeConnection()', () => {
  const endpoint = { host: 'collector', port: 4318, isTls: false };

  test('does not wait for a resolver that hangs', async () => {
    const lookup = () => new Promise<never>(() => {});
    const connection = await probeConnection(endpoint, {}, deadlineIn(200), lookup);
    expect(connection).toMatchObject({ kind: 'lookup-timeout', host: 'collector' });
  });

  test('tries every address of a name, and is content with one', async () => {
    const port = await listenForConnections(() => {});
    const lookup = async () => [{ address: '127.0.0.99' }, { address: '127.0.0.1' }];
    const connection = await probeConnection({ ...endpoint, port }, {}, deadlineIn(2_000), lookup);
    expect(connection).toEqual({
      kind: 'open',
      host: 'collector',
      port,
      addresses: [
        { address: '127.0.0.99', outcome: 'refused', code: 'ECONNREFUSED' },
        { address: '127.0.0.1', outcome: 'open', code: null },
      ],
      tls: null,
    });
  });

  test('does not wait for a port that drops packets', async () => {
    const port = await fullPort();
    const started = performance.now();
    const connection = await probeConnection(
      { ...endpoint, host: '127.0.0.1', port },
      {},
      deadlineIn(300),
    );
    expect(connection).toMatchObject({ kind: 'connect-timeout', port });
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
