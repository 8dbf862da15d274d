import { describe, expect, onTestFinished, test } from 'vitest';
import { type OtlpAnswer, type OtlpSink, startOtlpSink } from '../../support/otlp-sink.ts';
import { examine } from './run-doctor.ts';
import { serveHttp } from './serve.ts';

async function sinkThat(answer: OtlpAnswer): Promise<OtlpSink> {
  const sink = await startOtlpSink();
  onTestFinished(() => sink.close());
  sink.answerWith(answer);
  return sink;
}

const all = { traces: ['otlp'], metrics: ['otlp'], logs: ['otlp'] };

describe('diagnose()', () => {
  test('sends one record of each signal, marked, from the resource of the app', async () => {
    const sink = await sinkThat({});
    const { exitCode, diagnosis } = await examine({ url: sink.url, signals: all });
    expect(exitCode).toBe(0);
    expect(diagnosis.arrives).toBe(true);
    expect(diagnosis.durationMillis).toBeLessThan(9_000);
    const ids = Object.values(diagnosis.signals).map(({ destinations: [destination] }) =>
      destination?.kind === 'otlp' ? destination.id : '',
    );
    const resource = { 'service.name': 'todo' };
    expect(sink.spans).toMatchObject([{ resource, attributes: { 'doctor.id': ids[0] } }]);
    expect(sink.metrics).toMatchObject([
      { resource, type: 'sum', points: [{ value: 1, attributes: { 'doctor.id': ids[1] } }] },
    ]);
    expect(sink.logs).toMatchObject([{ resource, attributes: { 'doctor.id': ids[2] } }]);
    expect(new Set(ids).size).toBe(3);
    expect(sink.problems).toEqual([]);
  });

  test.each<[OtlpAnswer, RegExp, RegExp]>([
    [{ status: 400 }, /rejected the request with status 400/, /OTEL_EXPORTER_OTLP_PROTOCOL/],
    [{ status: 404 }, /does not accept traces at this path \(404\)/, /Jaeger accepts only traces/],
    [{ status: 413 }, /rejected the request as too large \(413\)/, /raise the limit/],
    [
      { status: 500, headers: { 'content-type': 'text/plain' }, body: 'oh dear' },
      /status 500: "oh dear"/,
      /log/,
    ],
    [{ status: 502 }, /a proxy that cannot reach the Collector \(502\)/, /behind the proxy/],
    [{ status: 503 }, /overloaded or not ready \(503\)/, /memory and queues/],
    [
      { status: 429, headers: { 'retry-after': '30' } },
      /overloaded or not ready \(429\), and requests a delay of 30 s/,
      /send less/,
    ],
    [
      { status: 307, headers: { location: 'http://there.example:4318/v1/traces' } },
      /redirects to http:\/\/there\.example:4318\/v1\/traces \(307\)/,
      /^Set OTEL_EXPORTER_OTLP_ENDPOINT=http:\/\/there\.example:4318$/,
    ],
    [
      { status: 308, headers: { location: '/otlp/v1/traces' } },
      /redirects to .* \(308\)/,
      /^Set OTEL_EXPORTER_OTLP_ENDPOINT=http:\/\/127\.0\.0\.1:\d+\/otlp$/,
    ],
    [
      { status: 302, headers: { location: '/login?next=%2Fv1%2Ftraces' } },
      /redirects to http:\/\/127\.0\.0\.1:\d+\/login \(302\)/,
      /^Set OTEL_\w+ to the URL of an OTLP receiver$/,
    ],
  ])('explains %j', async (answer, because, change) => {
    const sink = await sinkThat(answer);
    const found = await examine({ url: sink.url });
    expect(found.exitCode).toBe(1);
    expect(found.otlp.answer).toMatchObject({ kind: 'http', status: answer.status });
    expect(found.because).toMatch(because);
    expect(found.change).toMatch(change);
    expect(found.diagnosis.durationMillis).toBeLessThan(9_000);
  });

  test('explains 401 by the missing headers, and how to set them', async () => {
    const sink = await sinkThat({ status: 401 });
    const { because, change } = await examine({ url: sink.url });
    expect(because).toMatch(/denied access with status 401; no headers were sent/);
    expect(change).toBe(
      'Set OTEL_EXPORTER_OTLP_HEADERS, for example to authorization=Bearer%20<token>',
    );
  });

  test('names the headers that are sent, without values that the server repeats', async () => {
    const url = await serveHttp((request, response) => {
      response
        .writeHead(403)
        .end(`bad ${request.headers.authorization}, ${request.headers['x-k']}`);
    });
    const headers = { authorization: 'Bearer abc.def', 'x-k': 'hush-hush' };
    const { because, change, diagnosis } = await examine({ url, target: { headers } });
    expect(because).toMatch(/the headers sent were authorization, x-k/);
    expect(change).toMatch(/^Correct OTEL_EXPORTER_OTLP_HEADERS/);
    expect(JSON.stringify(diagnosis)).not.toMatch(/abc\.def|hush-hush/);
    expect(because).toContain('REDACTED');
  });

  test('reports the partial success of each signal', async () => {
    const sink = await sinkThat({});
    sink.answerWith(({ signal }) =>
      signal === 'logs' ? {} : { rejected: 1, errorMessage: `no ${signal} today` },
    );
    const { exitCode, diagnosis } = await examine({ url: sink.url, signals: all });
    expect(exitCode).toBe(1);
    const { traces, metrics, logs } = diagnosis.signals;
    expect(traces.verdict).toMatchObject({
      because: 'the server accepted the request but rejected its span: "no traces today".',
    });
    expect(metrics.verdict).toMatchObject({ because: expect.stringContaining('no metrics today') });
    expect(logs.verdict).toEqual({ kind: 'arrives' });
  });

  test('waits for a retry of the exporter', async () => {
    const sink = await sinkThat({});
    let recordsSeen = 0;
    sink.answerWith(({ spans }) => {
      if (spans.length > 0) recordsSeen += 1;
      return spans.length > 0 && recordsSeen === 1 ? { status: 503 } : {};
    });
    const { exitCode } = await examine({ url: sink.url });
    expect(exitCode).toBe(0);
    expect(sink.spans).toHaveLength(1);
  });

  test('reports a web page with status 200', async () => {
    const url = await serveHttp((_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html>');
    });
    const { exitCode, because } = await examine({ url });
    expect(exitCode).toBe(1);
    expect(because).toBe('the server responded with a web page (200), so it is not a Collector.');
  });

  test.each([
    ['/v1/traces', 'written twice'],
    ['/somewhere', 'of something else'],
  ])('finds the URL that works where the path is %s: %s', async (path) => {
    const url = await serveHttp((request, response) => {
      response.writeHead(request.url === '/v1/traces' ? 200 : 404).end();
    });
    const { change } = await examine({ url: url + path });
    expect(change).toBe(`Set OTEL_EXPORTER_OTLP_ENDPOINT=${url}`);
  });

  test("finds the path that a signal's own endpoint lacks", async () => {
    const url = await serveHttp((request, response) => {
      response.writeHead(request.url === '/otlp/v1/traces' ? 200 : 404).end();
    });
    const name = 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT';
    const value = `${url}/otlp`;
    const { change } = await examine({
      url,
      target: { url: value },
      settings: [{ name, value, origin: '.env' }],
    });
    expect(change).toBe(`Set ${name}=${url}/otlp/v1/traces`);
  });

  test('ends within the time limit of the exporter if the server hangs', async () => {
    const sink = await sinkThat({ fault: 'hang' });
    const { because, diagnosis } = await examine({ url: sink.url, target: { timeoutMillis: 500 } });
    expect(because).toMatch(/did not respond completely within \d{3} ms/);
    expect(diagnosis.durationMillis).toBeLessThan(9_000);
  });

  test('reports a response that is never complete', async () => {
    const sink = await sinkThat({ fault: 'drip' });
    const { because, diagnosis } = await examine({ url: sink.url, target: { timeoutMillis: 500 } });
    expect(because).toMatch(
      /began to respond \(200\) but did not respond completely within \d{3} ms/,
    );
    expect(diagnosis.durationMillis).toBeLessThan(9_000);
  });

  test('ends within 15 s without a configured time limit', async () => {
    const hanging = await sinkThat({ fault: 'hang' });
    const dripping = await sinkThat({ fault: 'drip' });
    const started = performance.now();
    const found = await Promise.all(
      [hanging, dripping].map(({ url }) =>
        examine({ url, signals: all, target: { timeoutMillis: Number.POSITIVE_INFINITY } }),
      ),
    );
    expect(performance.now() - started).toBeLessThan(15_000);
    const kinds = found.flatMap(({ diagnosis }) =>
      Object.values(diagnosis.signals).map(({ destinations: [each] }) =>
        each?.kind === 'otlp' ? each.answer.kind : each?.kind,
      ),
    );
    expect(kinds).toEqual(Array(6).fill('timeout'));
  });
});
