import { describe, expect, test } from 'vitest';
import { exportersWithViewer } from '../../../src/viewer.ts';
import { readSettings } from '../../support/settings.ts';
import { spawnApp } from '../../support/spawned-app.ts';

test('shows a request in the viewer, with links from the page and the tree', async () => {
  await using app = await spawnApp({ env: { VIEWER: '0' } });
  await app.waitFor(({ stderr }) => stderr.includes('Viewer on '));
  const url = /Viewer on (\S+)/.exec(app.stderr)?.[1] ?? '';
  expect(url).toMatch(/^http:\/\/localhost:\d+$/);
  const page = await (await fetch(app.url)).text();
  const link = /<a href="(\S+)">Show the trace/.exec(page)?.[1] ?? '';
  const traceId = link.slice(`${url}/trace/`.length);
  await app.waitFor(({ stderr }) => stderr.includes(link));
  await expect.poll(async () => (await fetch(`${url}/api/traces/${traceId}`)).status).toBe(200);
  const trace = await (await fetch(`${url}/api/traces/${traceId}`)).text();
  expect(trace).toContain('GET /');
  expect(trace).toContain('SELECT tasks');
  const { stderr, code } = await app.stop();
  expect(code).toBe(0);
  expect(stderr).toMatch(/Traces to viewer: (\d+) spans created, \1 exported/);
});

test('starts the viewer by default, at port 16686 or the next free one', async () => {
  await using app = await spawnApp({ env: { VIEWER: '' } });
  await app.waitFor(({ stderr }) => stderr.includes('Viewer on '));
  const [, url = ''] = /Viewer on (\S+)/.exec(app.stderr) ?? [];
  expect(url).toMatch(/^http:\/\/localhost:1\d{4}$/);
  const text = await (await fetch(url)).text();
  expect(text).toContain('<title>Traces');
  expect(text).toContain(`<a class="primary" href="${app.url}">`);
  expect(app.stderr).toContain('metrics to the viewer');
});

test('prints a link to Jaeger for each trace with --jaeger', async () => {
  const args = ['--jaeger', 'http://jaeger.example/base'];
  await using app = await spawnApp({ args, env: { VIEWER: '0' } });
  const page = await (await fetch(app.url)).text();
  const [, link = ''] = /<a href="(\S+)"[^>]*>Show in Jaeger/.exec(page) ?? [];
  expect(link).toMatch(/^http:\/\/jaeger\.example\/base\/trace\/[0-9a-f]{32}$/);
  await app.waitFor(({ stderr }) => stderr.includes(link));
});

test('starts and loads no viewer when it is off', async () => {
  await using app = await spawnApp({ env: { VIEWER: 'none' } });
  expect(app.stderr).not.toMatch(/viewer/i);
});

describe('exportersWithViewer()', () => {
  const tracesWith = (variable: Record<string, string>) =>
    exportersWithViewer(readSettings({ variable })).traces;

  test('adds the viewer when nothing is configured', () => {
    expect(exportersWithViewer(readSettings({ variable: {} }))).toEqual({
      traces: ['tree', 'viewer'],
      metrics: ['viewer'],
      logs: ['tree', 'viewer'],
    });
  });

  test.each([
    ['VIEWER is none', { VIEWER: 'none' }],
    ['HOST is public', { HOST: '0.0.0.0' }],
    ['an exporter is named', { OTEL_METRICS_EXPORTER: 'none' }],
    ['an endpoint is set', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318' }],
    ['an endpoint of one signal is set', { OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://x/' }],
    ['the SDK is disabled', { OTEL_SDK_DISABLED: 'true' }],
    ['it is named but VIEWER is none', { OTEL_TRACES_EXPORTER: 'tree,viewer', VIEWER: 'none' }],
    ['an exporter is named with VIEWER=auto', { OTEL_LOGS_EXPORTER: 'console', VIEWER: 'auto' }],
  ])('leaves the viewer out when %s', (_, variables) => {
    expect(tracesWith(variables)).not.toContain('viewer');
  });

  test.each([
    ['HOST is ::1', { HOST: '[::1]' }],
    ['it is asked for with a public HOST', { HOST: '0.0.0.0', VIEWER: '16686' }],
    [
      'it is asked for beside an endpoint',
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://x', VIEWER: '0' },
    ],
    ['it is named', { OTEL_TRACES_EXPORTER: 'viewer' }],
  ])('adds the viewer when %s', (_, variables) => {
    expect(tracesWith(variables)).toContain('viewer');
  });
});
