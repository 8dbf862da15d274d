import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { expect, test } from 'vitest';
import { startViewer } from '../../packages/opentelemetry-viewer/src/index.ts';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';
import { waitUntil } from '../support/wait-until.ts';
import { spawnViewer, startViewerCommand } from './spawn-viewer.ts';

const FREE_PORTS = ['--port', '0', '--http_port', '0', '--grpc_port', '0'];
const directory = useTemporaryDirectory();

test('runs a command with the endpoint set, and exits with its code', async () => {
  const script = 'echo "$OTEL_EXPORTER_OTLP_PROTOCOL $OTEL_EXPORTER_OTLP_ENDPOINT"; exit 7';
  const { output, exited } = startViewerCommand([...FREE_PORTS, '--', 'sh', '-c', script]);
  expect(await exited).toEqual({ code: 7, signal: null });
  expect(output.stdout).toMatch(/^http\/protobuf http:\/\/localhost:\d+\n$/);
});

test('passes a signal to the command, and ends with its exit code', async () => {
  const script = 'trap "exit 9" TERM; echo ready; while :; do sleep 0.1; done';
  const { child, output, exited } = startViewerCommand([...FREE_PORTS, '--', 'sh', '-c', script]);
  await waitUntil(
    () => output.stdout.includes('ready'),
    20_000,
    () => output.stderr,
  );
  if (child.pid) process.kill(child.pid, 'SIGTERM');
  expect(await exited).toEqual({ code: 9, signal: null });
});

test('reports a command that does not exist with exit code 127', async () => {
  const { output, exited } = startViewerCommand([...FREE_PORTS, '--', 'no-such-command']);
  expect(await exited).toMatchObject({ code: 127 });
  expect(output.stderr).toContain('Cannot run no-such-command: command not found');
});

test.each([
  [['--port', 'abc'], '--port: "abc" is not a port'],
  [['--max-logs', 'x'], '--max_logs: "x" is not a count'],
  [['--forward', 'http://['], '--forward: "http://[" is not an http'],
  [['--forward', 'localhost'], '--forward: "localhost" is not an http'],
  [['--max_traces', '0'], '--max_traces: "0" is not a count; use a whole number from 1'],
  [['--unknown'], '--unknown'],
])('refuses %j', async (args, message) => {
  const { output, exited } = startViewerCommand(args);
  expect(await exited).toMatchObject({ code: 2 });
  expect(output.stderr).toContain(message);
});

test('refuses to forward to itself', async () => {
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const { port } = free.address() as AddressInfo;
  await once(free.close(), 'close');
  const url = `http://127.0.0.1:${port}`;
  const args = ['--port', '0', '--http_port', String(port), '--grpc_port', '0', '--forward', url];
  const { output, exited } = startViewerCommand(args);
  expect(await exited).toMatchObject({ code: 2 });
  expect(output.stderr).toContain(`--forward: "${url}" is this viewer`);
});

test('names the file of --save that is not a database', async () => {
  const path = directory.newPath();
  await writeFile(path, 'not a database, but some other text that is long enough'.repeat(20));
  const { output, exited } = startViewerCommand([...FREE_PORTS, '--save', path]);
  expect(await exited).toMatchObject({ code: 1 });
  expect(output.stderr).toContain(`"${path}" cannot be opened as a SQLite database`);
});

test('ends on SIGTERM, and keeps the traces with --save', async () => {
  const path = directory.newPath();
  const body = JSON.stringify({
    resourceSpans: [
      { scopeSpans: [{ spans: [{ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), name: 'x' }] }] },
    ],
  });
  {
    await using viewer = await spawnViewer(['--save', path]);
    const headers = { 'content-type': 'application/json' };
    await fetch(`${viewer.httpUrl}/v1/traces`, { method: 'POST', headers, body });
    if (viewer.child.pid) process.kill(viewer.child.pid, 'SIGTERM');
    await waitUntil(
      () => viewer.child.exitCode !== null,
      10_000,
      () => viewer.output.stderr,
    );
    expect(viewer.child.exitCode).toBe(0);
  }
  await using viewer = await spawnViewer(['--save', path]);
  expect(await viewer.spanNames()).toEqual(['x']);
});

test('uses the next port if another viewer has the requested one, and reports it', async () => {
  await using first = await spawnViewer();
  const { port } = new URL(first.url);
  await using second = await spawnViewer(['--port', port]);
  expect(Number(new URL(second.url).port)).toBeGreaterThan(Number(port));
  expect(second.output.stderr).toContain(`Port ${port} is taken by another viewer: the viewer is`);
});

test('an embedded viewer whose port another viewer has suggests to send OTLP there', async () => {
  await using first = await spawnViewer();
  const messages: string[] = [];
  const viewer = await startViewer({
    port: Number(new URL(first.url).port),
    notify: (message) => void messages.push(message),
  });
  await viewer.close();
  expect(messages).toEqual([
    expect.stringContaining(`start with --otlp and OTEL_EXPORTER_OTLP_ENDPOINT=${first.httpUrl}.`),
  ]);
});

test.each([
  ['Jaeger', 200, '<title>Jaeger UI</title>'],
  ['an OTLP receiver', 405, '405 method not allowed, supported: [POST]'],
  ['another program', 404, 'not found'],
])('reports that a port is taken by %s', async (name, status, text) => {
  const server = createServer((_, response) => response.writeHead(status).end(text));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  await using viewer = await spawnViewer(['--port', `${port}`]);
  expect(viewer.output.stderr).toContain(`Port ${port} is taken by ${name}: the viewer is on port`);
  server.close();
});

test('reports that a viewer may have the gRPC port, if one has the HTTP port', async () => {
  await using first = await spawnViewer();
  const [http, grpc] = [first.httpUrl, first.grpcUrl].map((url) => new URL(url).port);
  const flags = ['--grpc_port', `${grpc}`];
  await using second = await spawnViewer([...flags, '--http_port', `${http}`]);
  expect(second.output.stderr).toContain(
    `Port ${grpc} is taken by another program, probably the viewer on port ${http}: OTLP/gRPC is on`,
  );
  // Its own HTTP port says nothing about the program at the gRPC port.
  await using third = await spawnViewer(flags);
  expect(third.output.stderr).toContain(
    `Port ${grpc} is taken by another program: OTLP/gRPC is on`,
  );
});

test('keeps as much as its flags allow, and counts dropped records', async () => {
  const limits = ['--max_traces', '2', '--max_spans_per_trace', '1', '--max_logs', '1'];
  await using viewer = await spawnViewer([...limits, '--max_memory', '3']);
  const spans = ['a', 'b', 'c', 'c'].map((digit, index) => ({
    traceId: digit.repeat(32),
    spanId: `${index + 1}`.repeat(16),
  }));
  const logRecords = [{ body: { stringValue: 'milk' } }, { body: { stringValue: 'bread' } }];
  for (const [path, body] of [
    ['traces', { resourceSpans: [{ scopeSpans: [{ spans }] }] }],
    ['logs', { resourceLogs: [{ scopeLogs: [{ logRecords }] }] }],
  ] as const) {
    await fetch(`${viewer.httpUrl}/v1/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }
  const status = await fetch(`${viewer.url}/status`, { headers: { accept: 'application/json' } });
  expect(await status.json()).toMatchObject({
    store: {
      ...{ traces: 2, maxTraces: 2, spans: 2, logs: 1, maxBytes: 3 * 1024 * 1024 },
      ...{ droppedTraces: 1, droppedSpans: 2, droppedLogs: 1 },
    },
  });
});

test('listens on both loopback addresses, and refuses other host names', async () => {
  await using viewer = await spawnViewer();
  const { port } = new URL(viewer.url);
  for (const host of ['127.0.0.1', '[::1]']) {
    expect((await fetch(`http://${host}:${port}/api/services`)).status).toBe(200);
  }
  const foreign = await fetch(`${viewer.url}/api/services`, {
    headers: { origin: 'https://example.com' },
  });
  expect(foreign.status).toBe(403);
});
