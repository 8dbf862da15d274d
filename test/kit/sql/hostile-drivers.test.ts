import type { Attributes, SpanOptions, TracerProvider } from '@opentelemetry/api';
import { describe, expect, test } from 'vitest';
import {
  type SqlClient,
  type TraceSqlOptions,
  traceD1,
  traceLibsql,
  traceMysql,
  tracePg,
  tracePostgres,
  traceSql,
  traceSqlite,
} from '../../../packages/hono-opentelemetry/src/sql/index.ts';
import { underSpan } from '../../contracts/sql-driver.ts';
import { recordTelemetry } from '../../support/recorded-telemetry.ts';
import { useContext } from '../../support/use-context.ts';

useContext();

/** Runs a statement on a traced driver that does nothing but call `outcome`. */
type Run = (outcome: () => unknown, options: TraceSqlOptions, sql?: string) => unknown;

const SQL = 'SELECT 1';

/** Creates a query of postgres.js, which runs when its handler is called. */
function postgresQuery(sql: string, outcome: () => unknown) {
  const { promise, resolve, reject } = Promise.withResolvers();
  const query = {
    ...{ strings: [sql], args: [], options: {}, resolve, reject },
    async handler(_: unknown) {
      try {
        query.resolve(await outcome());
      } catch (error) {
        query.reject(error);
      }
      return await promise;
    },
  };
  return query;
}

const wrappers: { readonly name: string; readonly run: Run; readonly isSync?: boolean }[] = [
  {
    name: 'traceSql()',
    async run(outcome, options, sql = SQL) {
      const query = async (..._: unknown[]) => (await outcome()) as unknown[][];
      return await traceSql({ system: 'test', query }, options).query(sql, []);
    },
  },
  {
    name: 'tracePg()',
    async run(outcome, options, sql = SQL) {
      const query = async (_: string) => outcome();
      return await tracePg({ query, connect() {} }, options).query(sql);
    },
  },
  {
    name: 'tracePostgres()',
    async run(outcome, options, sql = SQL) {
      const driver = Object.assign(() => {}, { unsafe: () => postgresQuery(sql, outcome) });
      const query = tracePostgres(driver, options).unsafe();
      return await query.handler(query);
    },
  },
  {
    name: 'traceMysql()',
    async run(outcome, options, sql = SQL) {
      const query = async (_: string) => outcome();
      return await traceMysql({ query, execute: query }, options).query(sql);
    },
  },
  {
    name: 'traceLibsql()',
    async run(outcome, options, sql = SQL) {
      const execute = async (_: string) => outcome();
      return await traceLibsql({ execute, transaction() {} }, options).execute(sql);
    },
  },
  {
    name: 'traceD1()',
    async run(outcome, options, sql = SQL) {
      const prepare = (_: string) => ({ all: async () => outcome() });
      return await traceD1({ prepare, batch() {} }, options)
        .prepare(sql)
        .all();
    },
  },
  {
    name: 'traceSqlite()',
    isSync: true,
    run: (outcome, options, sql = SQL) =>
      traceSqlite({ prepare: (_: string) => ({ get: outcome }) }, options)
        .prepare(sql)
        .get(),
  },
];

describe.each(wrappers)('$name', ({ run, isSync }) => {
  /** Returns what `run()` throws or rejects with. */
  async function failureOf(thrown: unknown, options: TraceSqlOptions): Promise<unknown> {
    const outcome = () => {
      throw thrown;
    };
    try {
      return await underSpan(() => run(outcome, options));
    } catch (error) {
      return error;
    }
  }

  test.each<[thrown: unknown, type: string]>([
    ['out of order', 'string'],
    [undefined, 'undefined'],
    [null, 'null'],
    [Object.freeze({ code: Symbol('code') }), 'object'],
    [new RangeError('too far'), 'RangeError'],
  ])('passes on a driver that fails with %s', async (thrown, type) => {
    const telemetry = recordTelemetry();
    expect(await failureOf(thrown, telemetry)).toBe(thrown);
    expect(telemetry.span().attributes['error.type']).toBe(type);
  });

  test.each<[what: string, result: unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['a number', 0],
    ['rows that are not an array', { rows: 'none', results: 7 }],
    ['a frozen array', Object.freeze([])],
    ['rows that throw', new Proxy({}, { get: (_, key) => (key === 'then' ? undefined : fail()) })],
  ])('passes on a result that is %s', async (_, result) => {
    const telemetry = recordTelemetry();
    expect((await underSpan(() => run(() => result, telemetry))) === result).toBe(true);
    expect(telemetry.span().status.code).toBe(0);
  });

  test('stays as synchronous as its driver', () => {
    const returned = underSpan(() => run(() => 7, recordTelemetry()));
    expect(returned instanceof Promise).toBe(!isSync);
  });
});

function fail(): never {
  throw new Error('not now');
}

/** Records which attributes the spans get at their start. */
function recordAttributes(): { options: TraceSqlOptions; seen: (Attributes | undefined)[] } {
  const seen: (Attributes | undefined)[] = [];
  const { tracerProvider } = recordTelemetry();
  const tracer = tracerProvider.getTracer('test');
  const startSpan = (name: string, options: SpanOptions) => {
    seen.push(options.attributes);
    return tracer.startSpan(name, options);
  };
  return {
    options: { tracerProvider: { getTracer: () => ({ startSpan }) } as unknown as TracerProvider },
    seen,
  };
}

test.each([
  { count: 10_000, length: 50, limit: 500 },
  { count: 100, length: 100_000, limit: 10 },
])(
  'traceSql() keeps the facts of at most $limit of $count statements with $length characters',
  async ({ count, length, limit }) => {
    const { options, seen } = recordAttributes();
    const client: SqlClient = traceSql<SqlClient>(
      { system: 'test', query: async () => [] },
      options,
    );
    const texts = Array.from({ length: count }, (_, i) => `SELECT ${i} `.padEnd(length, '-'));
    await underSpan(async () => {
      for (const text of texts) await client.query(text, []);
      for (const text of texts.reverse()) await client.query(text, []);
    });
    const [last] = seen.slice(count - 1);
    expect(seen[count]).toBe(last);
    const first = new Set(seen.slice(0, count));
    const kept = seen.slice(count).filter((attributes) => first.has(attributes));
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.length).toBeLessThanOrEqual(limit);
  },
);
