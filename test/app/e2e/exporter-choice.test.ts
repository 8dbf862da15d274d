import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OtlpSink, startOtlpSink } from '../../support/otlp-sink.ts';
import { type Exit, spawnApp } from '../../support/spawned-app.ts';

let sink: OtlpSink;
beforeAll(async () => {
  sink = await startOtlpSink();
});
afterAll(() => sink.close());

/** Runs the program for one request, whose span's path tells it from those of the other tests. */
async function run(env: Record<string, string>, args: string[] = []): Promise<Outcome> {
  const path = `/${crypto.randomUUID()}`;
  await using app = await spawnApp({ env, args });
  expect((await fetch(app.url + path)).status).toBe(404);
  const exit = await app.stop();
  expect(exit.code).toBe(0);
  const [, traces = '', metrics = '', logs = ''] =
    /^Traces to (.*); metrics to (.*); logs to (.*)$/m.exec(exit.stderr) ?? [];
  return {
    ...exit,
    /** What the program said before its start lines. */
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
  /** How often the request's span went to stdout; then to the sink; then to stderr. */
  readonly printed: number;
  readonly sent: number;
  readonly drawn: number;
}

type Sent = Pick<Outcome, 'printed' | 'sent' | 'drawn'>;

/** The endpoint is set in all of these tests. */
function unused(traces: string): RegExp {
  const reason = `traces go to ${traces}, metrics go to none, logs go to none`;
  return new RegExp(
    `^OTEL_EXPORTER_OTLP_ENDPOINT is .* is not used, since ${reason}: write .*\\.$`,
  );
}

describe.concurrent('OTEL_TRACES_EXPORTER', () => {
  test.each<[string, Sent, ...RegExp[]]>([
    ['none', { printed: 0, sent: 0, drawn: 0 }, unused('none')],
    ['console', { printed: 1, sent: 0, drawn: 0 }, unused('console')],
    [' Console\t', { printed: 1, sent: 0, drawn: 0 }, unused('console')],
    ['console,none', { printed: 0, sent: 0, drawn: 0 }, /, of which none wins: /, unused('none')],
    ['none,console', { printed: 0, sent: 0, drawn: 0 }, /, of which none wins: /, unused('none')],
    ['console,otlp', { printed: 1, sent: 1, drawn: 0 }],
    ['otlp,otlp', { printed: 0, sent: 1, drawn: 0 }],
    ['TREE, otlp', { printed: 0, sent: 1, drawn: 1 }],
    [
      'consol',
      { printed: 0, sent: 1, drawn: 0 },
      /^OTEL_TRACES_EXPORTER is "consol", which is ignored .*otlp.*: write a list of tree, console, otlp, viewer or none\.$/,
    ],
    [
      'consol,console',
      { printed: 1, sent: 0, drawn: 0 },
      /^OTEL_TRACES_EXPORTER is "consol,console", of which only console is taken: write a list of /,
      unused('console'),
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

describe.concurrent('without a choice', () => {
  test('requests are drawn on stderr, and metrics go nowhere', async () => {
    const { destinations, stdout, drawn } = await run({});
    expect(destinations).toEqual({ traces: 'stderr', metrics: 'nowhere', logs: 'stderr' });
    expect({ stdout, drawn }).toEqual({ stdout: '', drawn: 1 });
  });

  test('an unknown name leads to the same, with one warning a signal', async () => {
    const { destinations, warnings } = await run({
      OTEL_TRACES_EXPORTER: 'jaeger',
      OTEL_METRICS_EXPORTER: 'statsd',
    });
    expect(destinations).toEqual({ traces: 'stderr', metrics: 'nowhere', logs: 'stderr' });
    expect(warnings.split('\n')).toEqual([
      expect.stringContaining('OTEL_TRACES_EXPORTER is "jaeger", which is ignored'),
      expect.stringContaining('OTEL_METRICS_EXPORTER is "statsd", which is ignored'),
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
    expect(destinations).toEqual({ traces: `OTLP ${own}`, metrics: 'nowhere', logs: 'stderr' });
    expect(sent).toBe(1);
  });

  test('--otlp sends all three, and beats the environment', async () => {
    const env = { OTEL_TRACES_EXPORTER: 'console', OTEL_EXPORTER_OTLP_ENDPOINT: sink.url };
    const { stdout, sent, destinations } = await run(env, ['--otlp']);
    expect({ stdout, sent }).toEqual({ stdout: '', sent: 1 });
    expect(Object.values(destinations)).toEqual(Array(3).fill(expect.stringContaining('OTLP ')));
  });
});
