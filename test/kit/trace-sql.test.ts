import {
  context,
  type MeterProvider,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  type TracerProvider,
  trace,
} from '@opentelemetry/api';
import { AlwaysOffSampler, type ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type SqlClient,
  type TraceSqlOptions,
  traceSql,
} from '../../packages/hono-opentelemetry/src/index.ts';
import { openSqlite } from '../../src/database/sqlite/client.ts';
import { testSqlClient } from '../contracts/sql-client.ts';
import { type RecordedTelemetry, recordTelemetry } from '../support/recorded-telemetry.ts';
import { useContext } from '../support/use-context.ts';

const DURATION = 'db.client.operation.duration';

useContext();

let telemetry: RecordedTelemetry;
let client: Awaited<ReturnType<typeof open>>;

beforeEach(async () => {
  telemetry = recordTelemetry();
  client = await open(telemetry);
});
afterEach(() => client.close());

async function open(options: TraceSqlOptions) {
  const bare = await openSqlite(':memory:');
  await bare.query('CREATE TABLE tasks (id INTEGER PRIMARY KEY, title TEXT)', []);
  return traceSql(bare, options);
}

/** Runs `work` as a handler runs, under a span that is not among those recorded. */
function underSpan<T>(work: () => Promise<T>, provider = recordTelemetry().tracerProvider) {
  const span = provider.getTracer('test').startSpan('GET /');
  return context.with(trace.setSpan(ROOT_CONTEXT, span), work);
}

function insert(id: number, title: string): Promise<unknown[][]> {
  return client.query('INSERT INTO tasks (id, title) VALUES (?, ?)', [id, title]);
}

/** Returns all texts of a span that could quote a value. */
function said(span: ReadableSpan | undefined): string {
  return JSON.stringify([span?.name, span?.attributes, span?.events, span?.status]);
}

const labels = { 'db.system.name': 'sqlite', 'db.query.summary': 'INSERT tasks' };
const failed = {
  'error.type': 'SQLITE_CONSTRAINT',
  'db.response.status_code': 'SQLITE_CONSTRAINT',
};

describe('traceSql()', () => {
  test('records a statement as a CLIENT span with its text and without values', async () => {
    await underSpan(() => insert(1, 'SECRET'));
    const span = telemetry.span();
    expect(span.kind).toBe(SpanKind.CLIENT);
    expect(span.name).toBe('INSERT tasks');
    expect(span.status.code).toBe(SpanStatusCode.UNSET);
    expect(span.attributes).toEqual({
      ...labels,
      'db.query.text': 'INSERT INTO tasks (id, title) VALUES (?, ?)',
    });
    expect(said(span)).not.toContain('SECRET');
  });

  test('records operation and collection only if the caller passes them', async () => {
    const sql = 'select * from "tasks"';
    await underSpan(() => client.query(sql, []));
    await underSpan(() => client.query(sql, [], { name: 'SELECT', collection: 'tasks' }));
    await underSpan(() => client.query(sql, [], { name: 'SELECT' }));
    await underSpan(() =>
      client.transaction((inner) => inner.query(sql, [], { name: 'SELECT', collection: 'tasks' })),
    );
    const known = { 'db.system.name': 'sqlite', 'db.query.text': sql };
    const given = {
      ...known,
      'db.operation.name': 'SELECT',
      'db.collection.name': 'tasks',
      'db.query.summary': 'SELECT tasks',
    };
    const parsed = { ...known, 'db.query.summary': 'select tasks' };
    expect(telemetry.spans().map(({ name, attributes }) => [name, attributes])).toEqual([
      ['select tasks', parsed],
      ['SELECT tasks', given],
      ['select tasks', { ...parsed, 'db.operation.name': 'SELECT' }],
      ['SELECT tasks', given],
    ]);
    const points = await telemetry.points(DURATION);
    for (const { attributes } of points) expect(attributes).not.toHaveProperty('db.query.text');
    expect(points).toHaveLength(3);
  });

  test('measures exactly the duration of the span', async () => {
    await underSpan(() => insert(1, 'milk'));
    const [seconds = 0, nanos = 0] = telemetry.span().duration;
    const [point] = await telemetry.histograms(DURATION);
    expect(point?.value.sum).toBe(seconds + nanos / 1e9);
  });

  test('records a child of the active span', async () => {
    const tracer = telemetry.tracerProvider.getTracer('test');
    const parent = tracer.startSpan('GET /');
    await context.with(trace.setSpan(ROOT_CONTEXT, parent), () => insert(1, 'milk'));
    expect(telemetry.span().parentSpanContext).toEqual(parent.spanContext());
  });

  test('measures a statement in seconds, with the buckets of the conventions', async () => {
    await underSpan(() => insert(1, 'milk'));
    const [metric] = await telemetry.metrics();
    expect(metric?.descriptor).toMatchObject({ name: DURATION, unit: 's', type: 'HISTOGRAM' });
    const [point, ...more] = await telemetry.histograms(DURATION);
    expect(more).toEqual([]);
    expect(point?.attributes).toEqual(labels);
    expect(point?.value.count).toBe(1);
    expect(point?.value.sum).toBeGreaterThan(0);
    expect(point?.value.buckets.boundaries).toEqual([0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10]);
  });

  test('neither traces nor measures outside of any span', async () => {
    expect(await insert(1, 'milk')).toEqual([]);
    expect(telemetry.spans()).toEqual([]);
    expect(await telemetry.metrics()).toEqual([]);
  });

  test('records a child of an ended span: work may continue after the response', async () => {
    const tracer = telemetry.tracerProvider.getTracer('test');
    const parent = tracer.startSpan('GET /');
    parent.end();
    await context.with(trace.setSpan(ROOT_CONTEXT, parent), () => insert(1, 'milk'));
    const names = telemetry
      .spans()
      .map(({ name, parentSpanContext }) => [name, parentSpanContext?.spanId]);
    expect(names).toContainEqual(['INSERT tasks', parent.spanContext().spanId]);
  });

  test('records no span below a remote span', async () => {
    const remote = {
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
      spanId: '00f067aa0ba902b7',
      traceFlags: 1,
      isRemote: true,
    };
    await context.with(trace.setSpanContext(ROOT_CONTEXT, remote), () => insert(1, 'milk'));
    expect(telemetry.spans()).toEqual([]);
  });

  test('measures but does not trace below an unsampled span', async () => {
    const { tracerProvider } = recordTelemetry(new AlwaysOffSampler());
    await underSpan(() => insert(1, 'milk'), tracerProvider);
    expect(telemetry.spans()).toEqual([]);
    expect((await telemetry.histograms(DURATION))[0]?.value.count).toBe(1);
  });

  test('records the class and code of a refused statement, but not its message', async () => {
    await underSpan(() => insert(1, 'milk'));
    const refused = underSpan(() => insert(1, 'SECRET'));
    await expect(refused).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT' });
    const span = telemetry.spans()[1];
    expect(span?.status).toEqual({ code: SpanStatusCode.ERROR });
    expect(span?.attributes).toMatchObject({ ...labels, ...failed });
    expect(span?.events).toEqual([]);
    expect(said(span)).not.toMatch(/SECRET|UNIQUE/);
    const points = await telemetry.points(DURATION);
    expect(points.map(({ attributes }) => attributes)).toEqual([labels, { ...labels, ...failed }]);
  });

  test('traces the statements of a transaction, with the failed one as ERROR', async () => {
    const work = underSpan(() =>
      client.transaction(async (transaction) => {
        await transaction.query('INSERT INTO tasks (id) VALUES (1)', []);
        await new Promise((resolve) => setTimeout(resolve, 5));
        await transaction.query('INSERT INTO tasks (id) VALUES (1)', []);
      }),
    );
    await expect(work).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT' });
    expect(telemetry.spans().map(({ status }) => status.code)).toEqual([
      SpanStatusCode.UNSET,
      SpanStatusCode.ERROR,
    ]);
    expect(await client.query('SELECT * FROM tasks', [])).toEqual([]);
  });

  test('names the span after the system if the statement has no target', async () => {
    const bare: SqlClient = { system: 'sqlite', query: async () => [] };
    await underSpan(() => traceSql(bare, telemetry).query(';', []));
    expect(telemetry.span().name).toBe('sqlite');
    expect(telemetry.span().attributes).toEqual({
      'db.system.name': 'sqlite',
      'db.query.text': ';',
    });
  });

  test('keeps system and namespace, and records the namespace', async () => {
    const traced = traceSql({ ...client, namespace: 'shop' }, {});
    expect(traced).toMatchObject({ system: 'sqlite', namespace: 'shop' });
    const bare = await openSqlite(':memory:');
    await underSpan(() =>
      traceSql({ ...bare, namespace: 'shop' }, telemetry).query('SELECT 1', []),
    );
    expect(telemetry.span().attributes['db.namespace']).toBe('shop');
    await bare.close();
  });

  test('returns a client of the same type, also of a minimal one', async () => {
    class Small {
      readonly system = 'sqlite';
      readonly #rows = [[1]];
      async query(_sql: string) {
        return this.#rows;
      }
      async close() {
        this.#rows.length = 0;
      }
    }
    const traced = traceSql(new Small(), telemetry);
    const system: 'sqlite' = traced.system;
    expect(system).toBe('sqlite');
    expect(await underSpan(() => traced.query('SELECT 1'))).toEqual([[1]]);
    await traced.close();
    expect(await traced.query('SELECT 1')).toEqual([]);
    expect(telemetry.span().name).toBe('SELECT');
    // @ts-expect-error A client without transactions has none when it is traced, either.
    expect(traced.transaction).toBeUndefined();
  });

  test("records each attribute under both names with semconv: 'dup', and one metric", async () => {
    const bare = await openSqlite(':memory:');
    const traced = traceSql({ ...bare, namespace: 'shop' }, { ...telemetry, semconv: 'dup' });
    const operation = { name: 'CREATE TABLE', collection: 'tasks' };
    await underSpan(() => traced.query('CREATE TABLE tasks (id INTEGER)', [], operation));
    const attributes = {
      'db.system.name': 'sqlite',
      'db.namespace': 'shop',
      'db.operation.name': 'CREATE TABLE',
      'db.collection.name': 'tasks',
      'db.query.summary': 'CREATE TABLE tasks',
    };
    expect(telemetry.span().attributes).toEqual({
      ...attributes,
      'db.query.text': 'CREATE TABLE tasks (id INTEGER)',
      'db.system': 'sqlite',
      'db.name': 'shop',
      'db.operation': 'CREATE TABLE',
      'db.sql.table': 'tasks',
      'db.statement': 'CREATE TABLE tasks (id INTEGER)',
    });
    const metrics = await telemetry.metrics();
    expect(metrics.map(({ descriptor }) => descriptor.name)).toEqual([DURATION]);
    expect(metrics[0]?.dataPoints[0]?.attributes).toEqual(attributes);
    await bare.close();
  });

  test('names statements correctly when the cache is full', async () => {
    await underSpan(async () => {
      for (let i = 0; i <= 501; i++) await client.query(`SELECT ${i} FROM tasks`, []);
    });
    expect(telemetry.spans()).toHaveLength(502);
    expect(new Set(telemetry.spans().map(({ name }) => name))).toEqual(new Set(['SELECT tasks']));
  });

  const fail = (): never => {
    throw new Error('telemetry is broken');
  };
  test.each<[string, TraceSqlOptions]>([
    [
      'tracer',
      { tracerProvider: { getTracer: () => ({ startSpan: fail }) } as unknown as TracerProvider },
    ],
    ['meter', { meterProvider: { getMeter: fail } as MeterProvider }],
  ])('runs each statement once with a %s that throws', async (_name, options) => {
    await client.close();
    client = await open(options);
    await underSpan(() => insert(1, 'milk'));
    await expect(underSpan(() => insert(1, 'milk'))).rejects.toMatchObject({
      code: 'SQLITE_CONSTRAINT',
    });
    expect(await client.query('SELECT title FROM tasks', [])).toEqual([['milk']]);
  });
});

testSqlClient('traceSql(openSqlite())', async () => {
  const traced = traceSql(await openSqlite(':memory:'), recordTelemetry());
  return {
    ...traced,
    query: (sql, params) => underSpan(() => traced.query(sql, params)),
    transaction: (work) => underSpan(() => traced.transaction(work)),
  };
});
