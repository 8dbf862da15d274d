import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type OtlpSink, startOtlpSink } from '../../support/otlp-sink.ts';
import { type Exit, runApp, spawnApp } from '../../support/spawned-app.ts';

/** What the program has said before its start lines. */
function warnings({ stderr }: Pick<Exit, 'stderr'>): string[] {
  const lines = stderr.slice(0, stderr.indexOf('To-Do List')).split('\n').slice(0, -1);
  // What Deno says for itself.
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

  test('says all of them before it starts, each in one line with what to write', () => {
    const left = warnings(exit);
    for (const [variable, written, happens, write] of [
      ['OTEL_SDK_DISABLED', '"1"', 'which counts as false', 'write true or false'],
      ['OTEL_RESOURCE_ATTRIBUTES', '"team=a,b"', 'ignored', 'write key=value,key=value'],
      ['OTEL_PROPAGATORS', '"tracecontext,jaeger"', 'only tracecontext', 'deprecated, Jaeger'],
      ['OTEL_TRACES_SAMPLER', '"jaeger_remote"', 'parentbased_always_on', 'no remote sampler'],
      ['OTEL_BSP_MAX_QUEUE_SIZE', '"0"', 'the default counts: 16384', 'from 1 to'],
      [
        'OTEL_METRICS_EXPORTER',
        '"statsd"',
        'ignored',
        'write a list of console, otlp, prometheus, viewer or none',
      ],
      ['OTEL_BLRP_SCHEDULE_DELAY', '"10.5"', 'the default counts: 1000', 'whole number of milli'],
      ['OTEL_EXPORTER_OTLP_HEADERS', 'set', '3 of 5 entries cannot be read', 'name=value'],
      ['OTEL_EXPORTER_OTLP_LOGS_COMPRESSION', '"brotli"', 'ignored', 'write none or gzip'],
      [
        'OTEL_EXPORTER_OTLP_TOKEN',
        'set',
        'which nothing reads',
        'did you mean OTEL_EXPORTER_OTLP_',
      ],
      ['OTEL_LOG_EXPORTER', 'set', 'which nothing reads', 'did you mean OTEL_LOGS_EXPORTER?'],
      ['OTEL_PYTHON_LOG_CORRELATION', 'set', 'which only Python reads', 'leave it out'],
      [
        'OTEL_EXPORTER_OTLP_ENDPOINT',
        `"0.0.0.0:${port}?…"`,
        'no scheme',
        `http://localhost:${port}`,
      ],
    ] as const) {
      const line = left.shift() ?? '';
      expect(line).toMatch(/^[^ ]+ is .*, (of )?which .*: .*[.?]$/);
      const parts = [`${variable} is ${written}, `, happens, write].map((part) =>
        line.indexOf(part),
      );
      expect({ line, parts }).toEqual({ line, parts: parts.toSorted((a, b) => a - b) });
      expect(parts[0]).toBe(0);
    }
    expect(left).toEqual([]);
  });

  test('says no secret, neither then nor in its start lines nor at its end', () => {
    expect(exit.code).toBe(0);
    expect(exit.stderr).toContain(`Traces to OTLP http://0.0.0.0:${port}/v1/traces;`);
    expect(exit.stderr).toContain(`logs to OTLP http://127.0.0.1:${port}/v1/logs\n`);
    expect(exit.stdout + exit.stderr).not.toMatch(/hunter2/);
  });

  test('delivers to 0.0.0.0, with the query behind the path, and by a URL with a password', () => {
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

  test('sends the headers that can be read, decoded, in gzip as it was asked to', () => {
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
  test('of one signal without its path is used so, which is told at the start and at the end', async () => {
    await using sink = await startOtlpSink();
    const { host } = new URL(sink.url);
    await using app = await spawnApp({ env: { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: host } });
    await fetch(app.url);
    const exit = await app.stop();
    expect(warnings(exit)).toEqual([
      `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT is "${host}", which has no scheme (http:// is taken), ` +
        `is used as it is, without /v1/traces: write http://${host}/v1/traces.`,
    ]);
    expect(sink.problems).toEqual([expect.stringContaining('POST /: ')]);
    expect(exit.stderr).toMatch(/^Traces to otlp: 2 spans created, 0 exported, 2 dropped/m);
  });

  test('on the port of gRPC is told with what to change, and used so', async (t) => {
    // An address that no Collector of this machine takes.
    const sink = await startOtlpSink(4317, '127.0.0.7').catch(() => undefined);
    if (sink === undefined)
      return t.skip('this machine has no 127.0.0.7, or its port 4317 is taken');
    onTestFinished(() => sink.close());
    await using app = await spawnApp({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: '127.0.0.7:4317' } });
    await fetch(app.url);
    const exit = await app.stop();
    expect(warnings(exit)).toEqual([
      'OTEL_EXPORTER_OTLP_ENDPOINT is "127.0.0.7:4317", which has no scheme (http:// is taken), ' +
        'has the port of gRPC, while the protocol is http/protobuf: write http://127.0.0.7:4318.',
    ]);
    expect(sink.spans.map(({ name }) => name).sort()).toEqual(['GET /', 'SELECT tasks']);
    expect(exit.stderr).not.toMatch(/dropped/);
  });
});

test('mistakes that make it pointless to start end the program with 2, after all others are told', async () => {
  const { code, stdout, stderr } = await runApp({
    args: ['--otlp', '--port', '70000', '--exporter_otlp_logs_headers', 'hunter2'],
    env: {
      OTEL_CONFIG_FILE: 'otel.yaml',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'gRPC',
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/protobuf',
      OTEL_EXPORTER_OTLP_CERTIFICATE: '/nowhere/ca.pem',
      TRUSTED_PROXIES: '10.0.0.0/8, proxy',
      OTEL_LOG_LEVEL: 'loud',
      OTEL_LOG_EXPORTER: 'console',
    },
  });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  const starts = [
    'OTEL_LOG_LEVEL is "loud", which is ignored (the default counts: warn): write none, ',
    'OTEL_EXPORTER_OTLP_LOGS_HEADERS is set, by a flag, which others on this machine can read',
    'OTEL_EXPORTER_OTLP_LOGS_HEADERS is set, of which 1 of 1 entries cannot be read',
    'OTEL_LOG_EXPORTER is set, which nothing reads: did you mean OTEL_LOGS_EXPORTER?',
    'PORT is "70000", which is not possible: write a whole number from 0 to 65535.',
    'TRUSTED_PROXIES is "10.0.0.0/8, proxy", which is not possible: "proxy" is not an address',
    'OTEL_CONFIG_FILE is "otel.yaml", which is not possible: configuration files are not supported',
    'OTEL_EXPORTER_OTLP_CERTIFICATE is "/nowhere/ca.pem", which cannot be read (ENOENT): write',
  ];
  const lines = stderr.split('\n').slice(0, -1);
  expect(lines.map((line, i) => line.slice(0, starts[i]?.length))).toEqual(starts);
});
