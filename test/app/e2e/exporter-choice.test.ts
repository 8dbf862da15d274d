import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OtlpSink, startOtlpSink } from '../../support/otlp-sink.ts';
import { type Exit, spawnApp } from '../../support/spawned-app.ts';

let sink: OtlpSink;
beforeAll(async () => {
  sink = await startOtlpSink();
});
afterAll(() => sink.close());

/** Runs the program for one request, whose path identifies its span. */
async function run(env: Record<string, string>, args: string[] = []): Promise<Outcome> {
  const path = `/${crypto.randomUUID()}`;
  await using app = await spawnApp({ env, args });
  expect((await fetch(app.url + path)).status).toBe(404);
  const exit = await app.stop();
  expect(exit.code).toBe(0);
  const [, traces = '', metrics = '', logs = ''] =
    /^Traces (?:to )?(.*); metrics (?:to )?(.*); logs (?:to )?(.*)$/m.exec(exit.stderr) ?? [];
  return {
    ...exit,
    /** Output before the start-up lines. */
    warnings: exit.stderr.slice(0, exit.stderr.indexOf('To-Do List')),
    destinations: { traces, metrics, logs },
    printed: exit.stdout.split(path).length - 1,
    sent: sink.spans.filter(({ attributes }) => attributes['url.path'] === path).length,
    drawn: exit.stderr.split(path).length - 1,
  };
}

interface Outcome extends Exit {
  readonly warnings: string;
  readonly destinations: {
    readonly traces: string;
    readonly metrics: string;
    readonly logs: string;
  };
  /** Number of copies of the request's span on stdout, in the sink and on stderr. */
  readonly printed: number;
  readonly sent: number;
  readonly drawn: number;
}

type Sent = Pick<Outcome, 'printed' | 'sent' | 'drawn'>;

/** Matches the warning about an unused endpoint, which all of these tests set. */
function unused(traces: string): RegExp {
  const reason = `traces ${traces}, metrics are not exported, logs are not exported`;
  return new RegExp(`^OTEL_EXPORTER_OTLP_ENDPOINT: ".*" is not used, because ${reason}; add otlp `);
}

describe.concurrent('OTEL_TRACES_EXPORTER', () => {
  test.each<[string, Sent, ...RegExp[]]>([
    ['none', { printed: 0, sent: 0, drawn: 0 }, unused('are not exported')],
    ['console', { printed: 1, sent: 0, drawn: 0 }, unused('go to console')],
    [' Console\t', { printed: 1, sent: 0, drawn: 0 }, unused('go to console')],
    [
      'console,none',
      { printed: 0, sent: 0, drawn: 0 },
      / has none beside other entries; using none; /,
      unused('are not exported'),
    ],
    [
      'none,console',
      { printed: 0, sent: 0, drawn: 0 },
      / has none beside other entries; using none; /,
      unused('are not exported'),
    ],
    ['console,otlp', { printed: 1, sent: 1, drawn: 0 }],
    ['otlp,otlp', { printed: 0, sent: 1, drawn: 0 }],
    ['TREE, otlp', { printed: 0, sent: 1, drawn: 1 }],
    [
      'consol',
      { printed: 0, sent: 1, drawn: 0 },
      /^OTEL_TRACES_EXPORTER: "consol" is not a known value; using the default .*otlp.*; use a list of tree, console, otlp, viewer or none$/,
    ],
    [
      'consol,console',
      { printed: 1, sent: 0, drawn: 0 },
      /^OTEL_TRACES_EXPORTER: "consol,console" has "consol", which is not a known value; using only console; use a list of /,
      unused('go to console'),
    ],
    ['', { printed: 0, sent: 1, drawn: 0 }],
  ])('%j', async (value, expected, ...warnings) => {
    const outcome = await run({
      OTEL_TRACES_EXPORTER: value,
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
      OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
    });
    expect(outcome).toMatchObject(expected);
    const sentences = outcome.warnings.split('\n');
    expect(sentences).toEqual([...warnings.map((each) => expect.stringMatching(each)), '']);
  });
});

describe.concurrent('the default exporters', () => {
  test('requests are drawn on stderr, and metrics are off', async () => {
    const { destinations, stdout, drawn } = await run({});
    expect(destinations).toEqual({ traces: 'stderr', metrics: 'off', logs: 'stderr' });
    expect({ stdout, drawn }).toEqual({ stdout: '', drawn: 1 });
  });

  test('an unknown name leads to the same, with one warning a signal', async () => {
    const { destinations, warnings } = await run({
      OTEL_TRACES_EXPORTER: 'jaeger',
      OTEL_METRICS_EXPORTER: 'statsd',
    });
    expect(destinations).toEqual({ traces: 'stderr', metrics: 'off', logs: 'stderr' });
    expect(warnings.split('\n')).toEqual([
      expect.stringContaining('OTEL_TRACES_EXPORTER: "jaeger" is not a known value'),
      expect.stringContaining('OTEL_METRICS_EXPORTER: "statsd" is not a known value'),
      '',
    ]);
  });

  test('the endpoint of all signals sends all over OTLP', async () => {
    const { destinations, sent } = await run({ OTEL_EXPORTER_OTLP_ENDPOINT: `${sink.url}/` });
    expect(destinations).toEqual({
      traces: `OTLP ${sink.url}/v1/traces`,
      metrics: `OTLP ${sink.url}/v1/metrics`,
      logs: `OTLP ${sink.url}/v1/logs`,
    });
    expect(sent).toBe(1);
  });

  test("a signal's own endpoint sends that signal over OTLP, to exactly that URL", async () => {
    const own = `${sink.url}/v1/traces`;
    const { destinations, sent } = await run({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: own });
    expect(destinations).toEqual({ traces: `OTLP ${own}`, metrics: 'off', logs: 'stderr' });
    expect(sent).toBe(1);
  });

  test('--otlp sends all three, and beats the environment', async () => {
    const env = { OTEL_TRACES_EXPORTER: 'console', OTEL_EXPORTER_OTLP_ENDPOINT: sink.url };
    const { stdout, sent, destinations } = await run(env, ['--otlp']);
    expect({ stdout, sent }).toEqual({ stdout: '', sent: 1 });
    expect(Object.values(destinations)).toEqual(Array(3).fill(expect.stringContaining('OTLP ')));
  });
});
