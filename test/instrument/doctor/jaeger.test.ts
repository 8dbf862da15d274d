import { describe, expect, onTestFinished, test } from 'vitest';
import { deadlineIn } from '../../../packages/opentelemetry-instrument/src/doctor/deadline.ts';
import { findInJaeger } from '../../../packages/opentelemetry-instrument/src/doctor/send/find-in-jaeger.ts';
import { startOtlpSink } from '../../support/otlp-sink.ts';
import { examine, print } from './run-doctor.ts';
import { closedPort, listenForConnections, serveHttp } from './serve.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const notFound = JSON.stringify({ error: { httpCode: 404, message: 'No traces found' } });

/** Starts a Jaeger that has every trace after a time, under one of its two paths. */
function serveJaeger(afterMillis: number, path = '/api/v3/traces/'): Promise<string> {
  const started = performance.now();
  return serveHttp((request, response) => {
    const { url = '' } = request;
    if (!url.startsWith(path)) {
      // Its page, which it answers for every path that it does not know.
      response.setHeader('content-type', 'text/html').end('<!doctype html>');
      return;
    }
    response.setHeader('content-type', 'application/json');
    if (performance.now() - started < afterMillis) {
      response.writeHead(404).end(notFound);
    } else {
      const spans = [{ traceId: url.slice(path.length) }];
      response.end(JSON.stringify({ result: { resourceSpans: [{ scopeSpans: [{ spans }] }] } }));
    }
  });
}

async function takingSink(): Promise<string> {
  const sink = await startOtlpSink();
  onTestFinished(() => sink.close());
  return sink.url;
}

describe('diagnose() with a URL of Jaeger', () => {
  test('waits until Jaeger has the span, and prints its link on a separate line', async () => {
    const jaegerUrl = await serveJaeger(2_000);
    const text = await print({ url: await takingSink(), jaegerUrl: `${jaegerUrl}/` });
    expect(text).toMatch(/✓ in Jaeger after [1-9]\d{3} ms:\n/);
    expect(text).toMatch(new RegExp(`^ *${jaegerUrl}/trace/[0-9a-f]{32}$`, 'm'));
  });

  test('gives up after 10 s, within the limit of 15 s', async () => {
    const jaegerUrl = await serveJaeger(Infinity);
    const { exitCode, because, diagnosis } = await examine({ url: await takingSink(), jaegerUrl });
    expect(exitCode).toBe(1);
    expect(because).toMatch(
      /^the span was accepted, but Jaeger does not have it after 1\d{4} ms\.$/,
    );
    expect(diagnosis.durationMillis).toBeGreaterThan(9_500);
    expect(diagnosis.durationMillis).toBeLessThan(15_000);
  });

  test('does not query a span that was rejected', async () => {
    const { otlp } = await examine({
      url: `http://127.0.0.1:${await closedPort()}`,
      jaegerUrl: await serveJaeger(0),
    });
    expect(otlp.jaeger).toBeNull();
  });

  test('reports that Jaeger cannot be reached', async () => {
    const jaegerUrl = `http://127.0.0.1:${await closedPort()}`;
    const { exitCode, because, change } = await examine({ url: await takingSink(), jaegerUrl });
    expect(exitCode).toBe(1);
    expect(because).toBe('the span was accepted, but Jaeger cannot be reached (ECONNREFUSED).');
    expect(change).toMatch(/^Start Jaeger/);
  });

  test('reports a server that is not Jaeger', async () => {
    const jaegerUrl = await serveHttp((_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html>');
    });
    const { because, change } = await examine({ url: await takingSink(), jaegerUrl });
    expect(because).toMatch(/the URL is not that of a Jaeger API \(200, text\/html\)/);
    expect(change).toMatch(/base path/);
  });
});

describe('findInJaeger()', () => {
  test.each(['/api/v3/traces/', '/api/traces/'])('finds a trace under %s', async (path) => {
    const url = await serveJaeger(0, path);
    expect(await findInJaeger(url, traceId, deadlineIn(2_000))).toMatchObject({
      kind: 'found',
      link: `${url}/trace/${traceId}`,
    });
  });

  test('ends at its deadline when nothing answers', async () => {
    const url = `http://127.0.0.1:${await listenForConnections(() => {})}`;
    const started = performance.now();
    await findInJaeger(url, traceId, deadlineIn(300));
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
