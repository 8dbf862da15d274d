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
import { installedPath } from '../support/installed-path.ts';
import { startOtlpSink } from '../support/otlp-sink.ts';
import { readRepositoryFile } from '../support/repository-files.ts';
import { runExample } from '../support/run-example.ts';

const EXAMPLE = 'examples/with-existing-sdk';
/** Packages of this repository that the example uses, each with the folder of its sources. */
const LINKED = {
  'hono-opentelemetry': { folder: 'packages/hono-opentelemetry', sources: 'src' },
  'opentelemetry-instrument': { folder: 'packages/opentelemetry-instrument', sources: 'src' },
  'opentelemetry-instrument-exporters': { folder: 'exporters', sources: '.' },
};
const INSTALL_TIMEOUT_MS = 180_000;

let folder: string | undefined;

afterEach(() => {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

/** Installs the example's packages, once for all runtimes. @returns their folder */
function install({ line, sdkNode, api }: typeof SDK_2): string {
  const target = join(root, 'dist', `with-sdk-node-${sdkNode}`);
  if (existsSync(target)) return target;
  mkdirSync(join(root, 'dist'), { recursive: true });
  const staging = mkdtempSync(`${target}-`);
  const linked = line === SDK_2.line ? Object.values(LINKED).map((each) => each.folder) : [];
  const dependencies = Object.assign(
    {},
    ...[EXAMPLE, ...linked].map(
      (each) => JSON.parse(readRepositoryFile(`${each}/package.json`)).dependencies,
    ),
    { '@opentelemetry/api': api, '@opentelemetry/sdk-node': sdkNode },
  );
  for (const name of Object.keys(LINKED)) delete dependencies[name];
  writeFileSync(join(staging, 'package.json'), JSON.stringify({ private: true, dependencies }));
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

/** Copies the example below its packages. Ours are linked from copies, so that they import them as well. */
function copyExample(packages: string): string {
  const copy = mkdtempSync(join(packages, 'run-'));
  cpSync(join(root, EXAMPLE), copy, { recursive: true });
  mkdirSync(join(copy, 'node_modules'));
  for (const [name, { folder: source, sources }] of Object.entries(LINKED)) {
    const filter = (path: string) => !path.endsWith('node_modules');
    cpSync(join(root, source, sources), join(copy, name, sources), { recursive: true, filter });
    cpSync(join(root, source, 'package.json'), join(copy, name, 'package.json'));
    symlinkSync(`../${name}`, join(copy, 'node_modules', name), 'dir');
  }
  return copy;
}

const SDK_2 = { line: '2.x', sdkNode: '0.223.0', api: '1.9.1' };
const SDK_3 = { line: '3.x', sdkNode: '0.301.0', api: '1.10.0' };
const OPTIONS = { timeout: INSTALL_TIMEOUT_MS + 30_000 };

/** Starts the example, which exports spans to a URL. */
function start(folder: string, url: string, command?: readonly string[]) {
  return runExample(folder, {
    ...(command && { command }),
    preload: './telemetry.ts',
    variables: {
      OTEL_EXPORTER_OTLP_ENDPOINT: url,
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
    },
  });
}

test.each([SDK_2, SDK_3])(`${EXAMPLE} exports through NodeSDK $line`, OPTIONS, async (line) => {
  folder = copyExample(install(line));
  await using sink = await startOtlpSink();
  await using app = await start(folder, sink.url);
  const response = await fetch(`${app.url}/hello/world`);
  expect(await response.text()).toBe('Hello world\n');
  expect(await app.stop()).toBe(0);
  const span = sink.spans.find(({ name }) => name === 'GET /hello/:name');
  expect(span?.scope.name).toBe('hono-opentelemetry');
  expect(span?.resource['service.name']).toBe('with-existing-sdk');
});

// The dependencies of the command and of the example are in one folder here, and the command has SDK 2.
test(`${EXAMPLE} keeps NodeSDK under opentelemetry-instrument`, OPTIONS, async () => {
  folder = copyExample(install(SDK_2));
  await using sink = await startOtlpSink();
  const bin = join(folder, 'opentelemetry-instrument/src/bin.ts');
  await using app = await start(folder, sink.url, [bin, '--traces_exporter', 'otlp']);
  const response = await fetch(`${app.url}/hello/world`);
  expect(await response.text()).toBe('Hello world\n');
  expect(await app.stop()).toBe(0);
  expect(app.stderr()).toBe(
    'opentelemetry-instrument: the program registers its own OpenTelemetry SDK; ours is off\n',
  );
  const spans = sink.spans.filter(({ name }) => name === 'GET /hello/:name');
  expect(spans.map(({ resource }) => resource['service.name'])).toEqual(['with-existing-sdk']);
});
