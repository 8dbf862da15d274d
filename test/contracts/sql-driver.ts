import {
  context,
  type MeterProvider,
  ROOT_CONTEXT,
  SpanKind,
  type TracerProvider,
  trace,
} from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { TraceDriverOptions } from '../../packages/hono-opentelemetry/src/sql/index.ts';
import { type RecordedTelemetry, recordTelemetry } from '../support/recorded-telemetry.ts';

/** Actions of a program on a driver, and the spans of its statements in the order of their end. */
export interface DriverProgram<Driver> {
  readonly name: string;
  /** Runs the program on an empty table `notes`. Its result or error is compared. */
  run(driver: Driver): unknown;
  readonly spans: readonly ExpectedSpan[];
}

type ExpectedSpan = string | readonly [name: string, attributes: Record<string, unknown>];

/** A driver and its wrapper. */
export interface DriverUnderTest<Driver> {
  readonly name: string;
  readonly system: string;
  /** Opens a driver whose database has an empty table `notes (id, body)` with `id` as its key. */
  open(): Promise<Driver> | Driver;
  close(driver: Driver): unknown;
  trace(driver: Driver, options?: TraceDriverOptions): Driver;
  readonly programs: readonly DriverProgram<Driver>[];
}

/** A value in the programs that must not appear in any span. */
export const SECRET = 'SECRET-milk';

/** Runs `work` below a span that is not among those recorded. */
export function underSpan<T>(work: () => T): T {
  const span = recordTelemetry().tracerProvider.getTracer('test').startSpan('GET /');
  return context.with(trace.setSpan(ROOT_CONTEXT, span), work);
}

/**
 * Compares what a program sees of a driver with and without its wrapper, and checks the spans. The file
 * calls `useContext()`.
 */
export function testTracedDriver<Driver>(tested: DriverUnderTest<Driver>): void {
  describe(tested.name, () => {
    let telemetry: RecordedTelemetry;

    beforeEach(() => {
      telemetry = recordTelemetry();
    });

    async function outcomeOf(
      { run }: DriverProgram<Driver>,
      wrap: (driver: Driver) => Driver,
      around: (work: () => unknown) => unknown = underSpan,
    ): Promise<unknown> {
      const driver = await tested.open();
      try {
        return { value: await around(async () => await run(wrap(driver))) };
      } catch (error) {
        return { error, message: String(error), type: (error as object)?.constructor };
      } finally {
        await tested.close(driver);
      }
    }

    describe.each(tested.programs)(`$name`, (program) => {
      let bare: unknown;
      beforeAll(async () => {
        bare = await outcomeOf(program, (driver) => driver);
      });
      afterAll(() => {
        bare = undefined;
      });

      test(`${tested.name}: ${program.name}: sees the same with the wrapper, and has spans`, async () => {
        const wrap = (driver: Driver) => tested.trace(driver, telemetry);
        expect(await outcomeOf(program, wrap)).toEqual(bare);
        expect(telemetry.spans().map(({ name }) => name)).toEqual(
          program.spans.map((span) => (typeof span === 'string' ? span : span[0])),
        );
        for (const [i, span] of telemetry.spans().entries()) {
          const expected = program.spans[i];
          const attributes = typeof expected === 'string' ? {} : expected?.[1];
          expect(span.kind).toBe(SpanKind.CLIENT);
          expect(span.attributes).toMatchObject({
            'db.system.name': tested.system,
            ...attributes,
          });
          expect(textOf(span)).not.toContain(SECRET);
        }
        const points = await telemetry.histograms('db.client.operation.duration');
        const recorded = points.reduce((sum, { value }) => sum + value.count, 0);
        expect(recorded).toBe(program.spans.length);
      });

      test(`${tested.name}: ${program.name}: behaves the same outside of a span, and records none`, async () => {
        const wrap = (driver: Driver) => tested.trace(driver, telemetry);
        expect(await outcomeOf(program, wrap, (work) => work())).toEqual(bare);
        expect(telemetry.spans()).toEqual([]);
      });

      test.each(brokenTelemetry)(
        `${tested.name}: ${program.name}: behaves the same with $what`,
        async ({ options }) => {
          const wrap = (driver: Driver) =>
            tested.trace(driver, { ...options, comments: true, transactions: true });
          expect(await outcomeOf(program, wrap)).toEqual(bare);
        },
      );
    });
  });
}

function fail(): never {
  throw new Error('telemetry is broken');
}

const brokenSpan = new Proxy({}, { get: () => fail });
const meterProvider = { getMeter: fail } as MeterProvider;
const tracers: [what: string, tracerProvider: object][] = [
  ['a tracer provider that throws', { getTracer: fail }],
  ['a tracer that throws', { getTracer: () => ({ startSpan: fail }) }],
  ['spans that throw', { getTracer: () => ({ startSpan: () => brokenSpan }) }],
];
const brokenTelemetry = tracers.map(([what, tracerProvider]) => ({
  what,
  options: { tracerProvider: tracerProvider as TracerProvider, meterProvider },
}));

/** Returns everything in a span that could contain a value. */
function textOf(span: ReadableSpan): string {
  return JSON.stringify([span.name, span.attributes, span.events, span.status]);
}
