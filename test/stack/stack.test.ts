import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { beforeAll, describe, expect, test } from 'vitest';
import { currentRuntime, root } from '../support/app-command.ts';
import {
  COLLECTOR_BUILD_TIMEOUT_MS,
  collectorIsMissing,
  getCollector,
} from '../support/collector-build.ts';
import { startDeployedCollector } from '../support/collector-deployed.ts';
import { startFakeJaeger } from '../support/fake-jaeger.ts';
import { freePort } from '../support/free-port.ts';
import { PROTOCOLS } from '../support/protocols.ts';

const reason =
  currentRuntime === 'node' ? collectorIsMissing : 'it drives all runtimes: run once, on Node';
if (reason) test('npm run test:stack', ({ skip }) => skip(reason));
else describe('npm run test:stack', testScript);

function runScript(...args: string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const script = join(root, 'test/stack/index.ts');
  return new Promise((resolve) => {
    execFile(execPath, [script, ...args], (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    );
  });
}

function testScript(): void {
  beforeAll(getCollector, COLLECTOR_BUILD_TIMEOUT_MS);

  test('finds each signal of each runtime, over each protocol', { timeout: 120_000 }, async () => {
    await using jaeger = await startFakeJaeger();
    await using collector = await startDeployedCollector(jaeger.otlp.url);
    const { code, stdout, stderr } = await runScript(
      ...['--collector', collector.urls.http, '--collector-grpc', collector.urls.grpc],
      ...['--jaeger', jaeger.url],
    );
    expect(stderr.match(/^Sending from /gm)).toHaveLength(9);
    const rows = stdout.trim().split('\n');
    expect(rows.map((row) => row.split(/ {2,}/))).toEqual([
      ['runtime', 'protocol', 'traces', 'metrics', 'logs'],
      ...['node', 'bun', 'deno'].flatMap((runtime) =>
        PROTOCOLS.map((protocol) => [
          ...[runtime, protocol, 'found in Jaeger'],
          ...['taken by the Collector', 'taken by the Collector'],
        ]),
      ),
    ]);
    expect(code).toBe(0);
    expect(jaeger.otlp.problems).toEqual([]);
  });

  test('reports missing records, and exits with 1', { timeout: 120_000 }, async () => {
    await using jaeger = await startFakeJaeger(({ kind }) => kind !== 3);
    await using collector = await startDeployedCollector(jaeger.otlp.url);
    const { code, stdout } = await runScript(
      ...['--collector', collector.urls.http, '--collector-grpc', collector.urls.grpc],
      ...['--jaeger', jaeger.url, '--patience', '1'],
    );
    expect(stdout.match(/INSERT tasks is not in its trace/g)).toHaveLength(3 * PROTOCOLS.length);
    expect(code).toBe(1);
  });

  test('names the parts of the stack that cannot be reached, and starts no program', async () => {
    await using jaeger = await startFakeJaeger();
    const away = `http://127.0.0.1:${await freePort()}`;
    const { code, stdout, stderr } = await runScript(
      ...['--collector', away, '--collector-grpc', away, '--jaeger', jaeger.url],
    );
    expect(stdout.match(/^The Collector .* cannot be reached at .*: ECONNREFUSED$/gm)).toHaveLength(
      2,
    );
    expect(stdout).not.toContain('Jaeger cannot');
    expect(stderr).toBe('');
    expect(code).toBe(1);
  });
}
