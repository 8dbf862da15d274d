import { AlwaysOffSampler } from '@opentelemetry/sdk-trace-base';
import { beforeEach, describe, expect, test } from 'vitest';
import { traceHttp, traceSql } from '../../../packages/hono-opentelemetry/src/index.ts';
import { createApp } from '../../../src/app.ts';
import { createMemoryTaskStore } from '../../support/memory-task-store.ts';
import { type RecordedTelemetry, recordTelemetry } from '../../support/recorded-telemetry.ts';
import { useContext } from '../../support/use-context.ts';

useContext();

let telemetry: RecordedTelemetry;
beforeEach(() => {
  telemetry = recordTelemetry();
});

/** Returns the footer of an error page. */
async function footer(jaegerUrl?: string, traceResponse = true): Promise<string> {
  const database = traceSql(
    { system: 'sqlite', query: async (_sql: string, _params: readonly unknown[]) => [] },
    telemetry,
  );
  const app = createApp({
    store: {
      ...createMemoryTaskStore(),
      async list() {
        for (let i = 0; i < 3; i++) await database.query('SELECT 1', []);
        throw new RangeError('no');
      },
    },
    trace: traceHttp({ ...telemetry, traceResponse }),
    jaegerUrl,
  });
  const page = await (await app.request('/')).text();
  expect(page).toContain('report the trace ID below');
  return /<p class="trace">.*<\/p>/.exec(page)?.[0] ?? '';
}

describe('renderTraceFooter()', () => {
  test('shows id, duration and number of statements', async () => {
    const shown = await footer();
    const server = telemetry.spans().at(-1);
    expect(shown).toMatch(
      /^<p class="trace">Trace <code>[\da-f]{32}<\/code> · [\d.]+ ms · 3 SQL statements<\/p>$/,
    );
    expect(shown).toContain(server?.spanContext().traceId);
  });

  test.each(['http://localhost:16686', 'https://jaeger.example/base/'])(
    'links to the trace in Jaeger at %s',
    async (jaegerUrl) => {
      const shown = await footer(jaegerUrl);
      const id = telemetry.spans().at(-1)?.spanContext().traceId;
      const url = `${jaegerUrl.replace(/\/$/, '')}/trace/${id}`;
      const title = 'Jaeger has a trace up to 10 seconds after the request.';
      expect(shown).toContain(`<a href="${url}" title="${title}">Show in Jaeger</a>`);
    },
  );

  test('does not show the password of Jaeger', async () => {
    const shown = await footer('http://anna:s3cret@localhost:16686/base/?x=1#y');
    expect(shown).toContain('<a href="http://localhost:16686/base/trace/');
    expect(shown).not.toMatch(/anna|s3cret/);
  });

  test('links to no trace that is not recorded', async () => {
    telemetry = recordTelemetry(new AlwaysOffSampler());
    const shown = await footer('http://localhost:16686');
    expect(shown).toContain('3 SQL statements');
    expect(shown).not.toContain('href');
  });

  test('links only to web pages', async () => {
    expect(await footer('javascript:alert(1)')).not.toContain('href');
  });

  test('shows the id alone where nothing is counted', async () => {
    expect(await footer(undefined, false)).toMatch(
      /^<p class="trace">Trace <code>[\da-f]{32}<\/code><\/p>$/,
    );
  });
});

test('an error page without a trace does not ask to report one', async () => {
  const page = await (await createApp({ store: createMemoryTaskStore() }).request('/nix')).text();
  expect(page).not.toMatch(/trace/i);
});
