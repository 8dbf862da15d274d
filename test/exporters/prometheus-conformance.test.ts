import { spawnSync } from 'node:child_process';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { expect, test } from 'vitest';
import { createPrometheusExporter } from '../../exporters/prometheus.ts';
import { freePort } from '../support/free-port.ts';
import { spawnApp } from '../support/spawned-app.ts';

interface Checker {
  readonly name: string;
  readonly accept: string;
  readonly command: readonly [path: string, ...args: string[]] | undefined;
  readonly missing: string;
}

const PARSE = `
import sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families
list(text_string_to_metric_families(sys.stdin.read()))`;

const succeeds = (path: string, ...args: string[]) => spawnSync(path, args).status === 0;
// Debian's Python finds Debian's packages, which another one in PATH does not.
const python = ['python3', '/usr/bin/python3'].find((path) =>
  succeeds(path, '-c', 'import prometheus_client.openmetrics.parser'),
);

const checkers: readonly Checker[] = [
  {
    name: 'promtool',
    accept: 'text/plain',
    command: succeeds('promtool', '--version') ? ['promtool', 'check', 'metrics'] : undefined,
    missing: 'promtool is not installed (Debian: prometheus)',
  },
  {
    name: 'the OpenMetrics parser of prometheus_client',
    accept: 'application/openmetrics-text',
    command: python ? [python, '-c', PARSE] : undefined,
    missing: 'prometheus_client is not installed (Debian: python3-prometheus-client)',
  },
];

async function fetchPage(port: number, accept: string): Promise<string> {
  const headers = { accept, connection: 'close' };
  return (await fetch(`http://127.0.0.1:${port}/metrics`, { headers })).text();
}

/** Promtool's advice on names such as `process.thread.count`, which the conventions demand. */
const COUNT_ADVICE =
  /^\w+_count non-histogram and non-summary metrics should not have "_count" suffix\n/gm;

/** Expects a program to read a page from its standard input without any complaint. */
function expectAccepted(page: string, [path, ...args]: NonNullable<Checker['command']>): void {
  const { status, stdout, stderr } = spawnSync(path, args, { input: page, encoding: 'utf8' });
  expect({ stdout, stderr: stderr.replace(COUNT_ADVICE, '') }).toEqual({ stdout: '', stderr: '' });
  expect(status).toBe(stderr === '' ? 0 : 3);
}

test.for(checkers)("$name accepts the app's metrics", async (checker, { skip }) => {
  const { accept, command, missing } = checker;
  if (command === undefined) return skip(missing);
  const port = await freePort();
  const options = ['--metrics_exporter', 'prometheus', '--exporter_prometheus_host', '127.0.0.1'];
  const args = [...options, '--exporter_prometheus_port', `${port}`];
  await using app = await spawnApp({ args });
  await fetch(app.url);
  await fetch(`${app.url}/api/tasks/0`);
  const page = await fetchPage(port, accept);
  expect(page).toContain('http_server_request_duration_seconds_bucket{');
  expectAccepted(page, command);
});

test.for(checkers)('$name accepts odd names, values and labels', async (checker, { skip }) => {
  const { accept, command, missing } = checker;
  if (command === undefined) return skip(missing);
  const port = await freePort();
  const exporter = createPrometheusExporter({ host: '127.0.0.1', port });
  const reader = await exporter.openMetricReader();
  const provider = new MeterProvider({ readers: [reader] });
  const meter = provider.getMeter('test "quoted" \\ and\nmore', '1', {
    schemaUrl: 'https://a.test/',
  });
  const description = 'A "description" \\ with\nlines';
  meter.createCounter('a.total', { unit: '{thing}', description }).add(1, {
    'team.name': 'a',
    team_name: 'b',
    '1st': 'x',
    __name__: 'x',
    quoted: '"\\\n',
  });
  meter.createCounter('b', { unit: 'By', description }).add(Number.NaN);
  const gauge = meter.createGauge('c.value', { unit: '1', description });
  for (const value of [Number.NaN, Infinity, -Infinity, 1e300]) gauge.record(value, { value });
  const advice = { explicitBucketBoundaries: [-1, 0, 1e-7, 1, 10, 1e6, 1e21] };
  const wait = meter.createHistogram('d.wait', { unit: 's', description, advice });
  for (const value of [0.5, 12]) wait.record(value, { le: 'mine' });
  const size = meter.createHistogram('e.size', {
    description,
    advice: { explicitBucketBoundaries: [] },
  });
  for (const value of [1, 2]) size.record(value, { a: 1 });
  meter.createGauge('e_size_bucket', { description }).record(1);
  const other = provider.getMeter('other');
  other.createCounter('a', { unit: '{thing}', description: 'Another' }).add(1);
  other.createUpDownCounter('target', { description }).add(1);
  const page = await fetchPage(port, accept);
  await provider.shutdown();
  expect(page).toContain('team_name="a;b"');
  expectAccepted(page, command);
});
