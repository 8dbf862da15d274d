import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { env } from 'node:process';
import { afterEach, expect, test } from 'vitest';
import { root } from '../support/app-command.ts';
import { startOtlpSink } from '../support/otlp-sink.ts';
import { installedPath } from '../support/readme.ts';
import { readRepositoryFile } from '../support/repository-files.ts';
import { runExample } from '../support/run-example.ts';

const EXAMPLE = 'examples/with-existing-sdk';
const KIT = 'packages/hono-opentelemetry';
const INSTALL_TIMEOUT_MS = 180_000;

let folder: string | undefined;

afterEach(() => {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

/** Installs the example's packages, once for all runtimes. @returns their folder */
function install(sdkNode: string, api: string): string {
  const target = join(root, 'dist', `sdk-node-${sdkNode}`);
  if (existsSync(target)) return target;
  mkdirSync(join(root, 'dist'), { recursive: true });
  const staging = mkdtempSync(`${target}-`);
  const { dependencies } = JSON.parse(readRepositoryFile(`${EXAMPLE}/package.json`));
  const { 'hono-opentelemetry': _kit, ...others } = dependencies;
  const chosen = { '@opentelemetry/api': api, '@opentelemetry/sdk-node': sdkNode };
  writeFileSync(
    join(staging, 'package.json'),
    JSON.stringify({ private: true, dependencies: { ...others, ...chosen } }),
  );
  const { status, stderr } = spawnSync(
    'npm',
    ['install', '--no-audit', '--no-fund', '--prefer-offline'],
    {
      cwd: staging,
      encoding: 'utf8',
      env: { ...env, PATH: installedPath },
      timeout: INSTALL_TIMEOUT_MS,
    },
  );
  expect(stderr.includes('ERR!') ? stderr : '').toBe('');
  expect(status).toBe(0);
  renameSync(staging, target);
  return target;
}

/** Copies the example below its packages. The kit is linked from a copy, so that it imports them as well. */
function copyExample(packages: string): string {
  const copy = mkdtempSync(join(packages, 'run-'));
  cpSync(join(root, EXAMPLE), copy, { recursive: true });
  cpSync(join(root, KIT, 'src'), join(copy, 'kit/src'), { recursive: true });
  cpSync(join(root, KIT, 'package.json'), join(copy, 'kit/package.json'));
  mkdirSync(join(copy, 'node_modules'));
  symlinkSync('../kit', join(copy, 'node_modules/hono-opentelemetry'), 'dir');
  return copy;
}

test.each([
  { line: '2.x', sdkNode: '0.223.0', api: '1.9.1' },
  { line: '3.x', sdkNode: '0.301.0', api: '1.10.0' },
])(
  `${EXAMPLE} exports through NodeSDK $line`,
  { timeout: INSTALL_TIMEOUT_MS + 30_000 },
  async ({ sdkNode, api }) => {
    folder = copyExample(install(sdkNode, api));
    await using sink = await startOtlpSink();
    await using app = await runExample(folder, {
      preload: './telemetry.ts',
      variables: {
        OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
        OTEL_METRICS_EXPORTER: 'none',
        OTEL_LOGS_EXPORTER: 'none',
      },
    });
    const response = await fetch(`${app.url}/hello/world`);
    expect(await response.text()).toBe('Hello world\n');
    expect(await app.stop()).toBe(0);
    const span = sink.spans.find(({ name }) => name === 'GET /hello/:name');
    expect(span?.scope.name).toBe('hono-opentelemetry');
    expect(span?.resource['service.name']).toBe('with-existing-sdk');
  },
);
