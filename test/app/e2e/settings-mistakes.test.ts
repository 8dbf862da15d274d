import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type OtlpSink, startOtlpSink } from '../../support/otlp-sink.ts';
import { type Exit, runApp, spawnApp } from '../../support/spawned-app.ts';

/** Messages before the start lines. */
function warnings({ stderr }: Pick<Exit, 'stderr'>): string[] {
  const lines = stderr.slice(0, stderr.indexOf('To-Do List')).split('\n').slice(0, -1);
  // Output of Deno itself.
  return lines.filter((line) => !line.startsWith("'OTEL_SDK_DISABLED' env var value not"));
}

describe('a program with many mistakes', () => {
  let sink: OtlpSink;
  let port: string;
  let exit: Exit;
  beforeAll(async () => {
    sink = await startOtlpSink();
    ({ port } = new URL(sink.url));
    await using app = await spawnApp({
      env: {
        OTEL_LOG_EXPORTER: 'console',
        OTEL_SDK_DISABLED: '1',
        OTEL_RESOURCE_ATTRIBUTES: 'team=a,b',
        OTEL_TRACES_SAMPLER: 'jaeger_remote',
        OTEL_BSP_MAX_QUEUE_SIZE: '0',
        OTEL_BLRP_SCHEDULE_DELAY: '10.5',
        OTEL_METRICS_EXPORTER: 'statsd',
        OTEL_PROPAGATORS: 'tracecontext,jaeger',
        OTEL_PYTHON_LOG_CORRELATION: 'hunter2',
        OTEL_EXPORTER_OTLP_TOKEN: 'hunter2',
        OTEL_EXPORTER_OTLP_ENDPOINT: `0.0.0.0:${port}?tenant=hunter2`,
        OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: `http://me:hunter2@127.0.0.1:${port}/v1/logs?key=hunter2`,
        OTEL_EXPORTER_OTLP_HEADERS:
          'Authorization=Bearer%20hunter2%2C%20yes, x-tenant = b ,hunter2,bad name=hunter2,x=hunter2%zz',
        OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'x-tenant=c',
        OTEL_EXPORTER_OTLP_TIMEOUT: '0',
        OTEL_BSP_EXPORT_TIMEOUT: '0',
        OTEL_METRIC_EXPORT_TIMEOUT: '0',
        OTEL_EXPORTER_OTLP_COMPRESSION: ' GZIP ',
        OTEL_EXPORTER_OTLP_LOGS_COMPRESSION: 'brotli',
        // Not a mistake: as if they were not set.
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: ' ',
        OTEL_SERVICE_NAME: '',
      },
    });
    const body = new URLSearchParams({ task: 'milk' });
    expect((await fetch(`${app.url}/add`, { method: 'POST', body })).status).toBe(200);
    exit = await app.stop();
    return () => sink.close();
  });

  test('reports each mistake in one line with its fix before it starts', () => {
    expect(warnings(exit)).toEqual([
      'OTEL_SDK_DISABLED: "1" is not a boolean; using false; use true or false',
      'OTEL_RESOURCE_ATTRIBUTES: "team=a,b" is not a list of key=value pairs; ignoring it; use key=value,key=value (a comma in a value is %2C, a percent sign %25)',
      'OTEL_PROPAGATORS: "tracecontext,jaeger" has "jaeger", which is deprecated, and Jaeger supports tracecontext; using only tracecontext; use a list of tracecontext, baggage, b3, b3multi or none',
      'OTEL_TRACES_SAMPLER: "jaeger_remote" is not supported by the SDK for JavaScript; using the default (parentbased_always_on); use always_on, always_off, traceidratio, parentbased_always_on, parentbased_always_off or parentbased_traceidratio',
      'OTEL_BSP_MAX_QUEUE_SIZE: "0" is out of range; using the default (16384); use a whole number from 1 to 2147483647',
      'OTEL_METRICS_EXPORTER: "statsd" is not a known value; using the default (none, or otlp once its endpoint is set); use a list of console, otlp, prometheus, viewer or none',
      'OTEL_BLRP_SCHEDULE_DELAY: "10.5" is not a whole number; using the default (1000); use milliseconds, from 0 to 2147483647',
      'OTEL_EXPORTER_OTLP_HEADERS: the value has 3 invalid entries of 5; ignoring those; use name=value,name=value (a comma in a value is %2C, a percent sign %25)',
      'OTEL_EXPORTER_OTLP_LOGS_COMPRESSION: "brotli" is not a known value; ignoring it; use none or gzip',
      'OTEL_EXPORTER_OTLP_TOKEN: unknown variable; did you mean OTEL_EXPORTER_OTLP_TIMEOUT?',
      'OTEL_LOG_EXPORTER: unknown variable; did you mean OTEL_LOGS_EXPORTER?',
      'OTEL_PYTHON_LOG_CORRELATION: only OpenTelemetry Python uses this variable; remove it',
      `OTEL_EXPORTER_OTLP_ENDPOINT: "0.0.0.0:${port}?…" has no scheme; assuming http://; add the scheme`,
      `OTEL_EXPORTER_OTLP_ENDPOINT: "0.0.0.0:${port}?…" is an address to listen on, not one to connect to; use the host name of the collector, such as localhost`,
      `OTEL_EXPORTER_OTLP_ENDPOINT: "0.0.0.0:${port}?…" has a query, and the path of each signal is inserted before it; remove the query`,
    ]);
  });

  test('reveals no secret in messages, start-up lines and final report', () => {
    expect(exit.code).toBe(0);
    expect(exit.stderr).toContain(`Traces to OTLP http://0.0.0.0:${port}/v1/traces;`);
    expect(exit.stderr).toContain(`logs to OTLP http://127.0.0.1:${port}/v1/logs\n`);
    expect(exit.stdout + exit.stderr).not.toMatch(/hunter2/);
  });

  test('delivers to 0.0.0.0, to a path with a query, and to a URL with a password', () => {
    expect(exit.stderr).not.toMatch(/dropped/);
    expect(sink.problems).toEqual([]);
    expect(sink.spans.map(({ name }) => name)).toContain('POST /add');
    expect(sink.logs.map(({ body }) => body)).toEqual(['task added']);
    expect(sink.spans[0]?.resource).toMatchObject({ 'service.name': 'todo' });
    expect(sink.spans[0]?.resource).not.toHaveProperty('team');
    const targets = new Set(sink.requests.map(({ target }) => target));
    expect([...targets].sort()).toEqual([
      '/v1/logs?key=hunter2',
      '/v1/metrics?tenant=hunter2',
      '/v1/traces?tenant=hunter2',
    ]);
  });

  test('sends the valid headers, decoded, and the configured gzip', () => {
    for (const { signal, headers } of sink.requests) {
      expect(headers).toMatchObject({
        authorization: 'Bearer hunter2, yes',
        'x-tenant': signal === 'traces' ? 'c' : 'b',
        'content-encoding': 'gzip',
      });
      expect(Object.keys(headers).join()).not.toMatch(/hunter2|bad/);
      expect(headers).not.toHaveProperty('x');
    }
  });
});

describe.concurrent('an endpoint', () => {
  test('an endpoint of one signal without its path is used, with a warning at the start and the end', async () => {
    await using sink = await startOtlpSink();
    const { host } = new URL(sink.url);
    await using app = await spawnApp({ env: { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: host } });
    await fetch(app.url);
    const exit = await app.stop();
    expect(warnings(exit)).toEqual([
      `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "${host}" has no scheme; assuming http://; add the scheme`,
      `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "${host}" has no path, and is used unchanged; append /v1/traces`,
    ]);
    expect(sink.problems).toEqual([expect.stringContaining('POST /: ')]);
    expect(exit.stderr).toMatch(/^Traces to otlp: 2 spans created, 0 exported, 2 dropped/m);
  });

  test('an endpoint on the port of gRPC is used with a warning that names the fix', async (t) => {
    // An address that no Collector of this machine takes.
    const sink = await startOtlpSink(4317, '127.0.0.7').catch(() => undefined);
    if (sink === undefined)
      return t.skip('this machine has no 127.0.0.7, or its port 4317 is taken');
    onTestFinished(() => sink.close());
    await using app = await spawnApp({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: '127.0.0.7:4317' } });
    await fetch(app.url);
    const exit = await app.stop();
    expect(warnings(exit)).toEqual([
      'OTEL_EXPORTER_OTLP_ENDPOINT: "127.0.0.7:4317" has no scheme; assuming http://; add the scheme',
      'OTEL_EXPORTER_OTLP_ENDPOINT: "127.0.0.7:4317" has the port of gRPC, but the protocol is http/protobuf; use port 4318',
    ]);
    expect(sink.spans.map(({ name }) => name).sort()).toEqual(['GET /', 'SELECT tasks']);
    expect(exit.stderr).not.toMatch(/dropped/);
  });
});

test('fatal mistakes end the program with 2, after all others are reported', async () => {
  const { code, stdout, stderr } = await runApp({
    args: ['--otlp', '--port', '70000', '--exporter_otlp_logs_headers', 'hunter2'],
    env: {
      OTEL_EXPORTER_OTLP_PROTOCOL: 'gRPC',
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/protobuf',
      OTEL_EXPORTER_OTLP_CERTIFICATE: '/nowhere/ca.pem',
      TRUSTED_PROXIES: '10.0.0.0/8, proxy',
      OTEL_LOG_LEVEL: 'loud',
      OTEL_LOG_EXPORTER: 'console',
    },
  });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr.split('\n')).toEqual([
    'OTEL_LOG_LEVEL: "loud" is not a known value; using the default (warn); use none, error, warn, info, debug, verbose or all',
    '--exporter_otlp_logs_headers: the value is secret, but other users of this machine can see flags; set OTEL_EXPORTER_OTLP_LOGS_HEADERS in the environment or in .env',
    '--exporter_otlp_logs_headers: the value has 1 invalid entry of 1; ignoring those; use name=value,name=value (a comma in a value is %2C, a percent sign %25)',
    'OTEL_LOG_EXPORTER: unknown variable; did you mean OTEL_LOGS_EXPORTER?',
    '--port: "70000" is out of range; use a whole number from 0 to 65535',
    'TRUSTED_PROXIES: "10.0.0.0/8, proxy" has "proxy", which is not an address; use 10.0.0.1, 10.0.0.0/8 or fd00::/8',
    'OTEL_EXPORTER_OTLP_CERTIFICATE: "/nowhere/ca.pem" cannot be read (ENOENT); use the path of a PEM file with a certificate',
    '',
  ]);
});
