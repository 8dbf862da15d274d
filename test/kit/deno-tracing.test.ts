import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { currentRuntime } from '../support/app-command.ts';
import { startOtlpSink } from '../support/otlp-sink.ts';

const script = fileURLToPath(new URL('../support/programs/answer-under-deno.ts', import.meta.url));

/** Returns the SERVER spans that Deno exports for requests of `paths`. */
async function traced(server: string, ...paths: string[]) {
  await using sink = await startOtlpSink();
  const child = spawn(execPath, ['run', '-A', script, server, ...paths], {
    env: {
      PATH: process.env.PATH,
      OTEL_DENO: 'true',
      OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  expect(await once(child, 'close')).toEqual([0, null]);
  // An attribute that a span has twice is a problem, too.
  expect(sink.problems).toEqual([]);
  return sink.spans.filter(({ kind }) => kind === 2);
}

describe.skipIf(currentRuntime !== 'deno').each(['adapter', 'stock'])(
  "traceHttp() under Deno's own tracing (on Deno only), %s server",
  (server) => {
    test('adds name and route to the one SERVER span that Deno has made', async () => {
      const spans = await traced(server, '/tasks/1', '/nowhere');
      expect(spans.map(({ name }) => name)).toEqual(['GET /tasks/:id', 'GET']);
      expect(spans.map(({ scope }) => scope.name)).toEqual(['deno', 'deno']);
      expect(spans[0]?.attributes).toMatchObject({
        'http.request.method': 'GET',
        'http.route': '/tasks/:id',
        'url.path': '/tasks/1',
      });
      expect(spans[1]?.attributes).not.toHaveProperty('http.route');
    });

    test('leaves status and error.type to Deno, and adds the exception', async () => {
      const spans = await traced(server, '/unavailable', '/error');
      expect(spans.map(({ name, status }) => [name, status.code])).toEqual([
        ['GET /unavailable', 2],
        ['GET /error', 2],
      ]);
      const exceptions = spans.map(({ events }) => events.map(({ attributes }) => attributes));
      expect(exceptions).toEqual([
        [],
        [expect.objectContaining({ 'exception.type': 'TypeError' })],
      ]);
    });
  },
);
