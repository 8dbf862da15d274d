import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { expect, test } from 'vitest';
import { root } from '../support/app-command.ts';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';
import { waitUntil } from '../support/wait-until.ts';
import { spawnViewer, startViewerCommand } from './spawn-viewer.ts';

const FREE_PORTS = ['--port', '0', '--http_port', '0', '--grpc_port', '0'];
const directory = useTemporaryDirectory();

test('runs a command with the endpoint set, and ends as it ends', async () => {
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
  expect(output.stderr).toContain('Cannot run no-such-command');
});

test.each([
  [['--port', 'abc'], '--port: "abc" is not a port'],
  [['--forward', 'localhost'], '--forward: "localhost" is not an http'],
  [['--unknown'], '--unknown'],
])('refuses %j', async (args, message) => {
  const { output, exited } = startViewerCommand(args);
  expect(await exited).toMatchObject({ code: 2 });
  expect(output.stderr).toContain(message);
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

test('takes the next port if another viewer has the wanted one, and reports it', async () => {
  await using first = await spawnViewer();
  const { port } = new URL(first.url);
  await using second = await spawnViewer(['--port', port]);
  expect(Number(new URL(second.url).port)).toBeGreaterThan(Number(port));
  expect(second.output.stderr).toContain(`Port ${port} is taken by another viewer`);
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

const python = process.env.OTEL_TEST_PYTHON ?? '';

test('receives spans of the Python exporter', async (t) => {
  if (!existsSync(python)) {
    return t.skip('set OTEL_TEST_PYTHON to a Python with opentelemetry-exporter-otlp');
  }
  await using viewer = await spawnViewer();
  for (const [kind, endpoint] of [
    ['http', `${viewer.httpUrl}/v1/traces`],
    ['grpc', viewer.grpcUrl],
  ]) {
    const script = join(root, 'test/viewer/send-spans.py');
    const { status, stderr } = spawnSync(python, [script, `${kind}`, `${endpoint}`], {
      encoding: 'utf8',
      timeout: 30_000,
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  }
  expect((await viewer.spanNames()).sort()).toEqual(['grpc', 'http']);
});
