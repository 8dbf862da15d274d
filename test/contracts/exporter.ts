import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Exporter, Signal } from '../../exporters/exporter.ts';
import { recordLogs, recordMetrics, recordSpans } from '../support/sdk-records.ts';

/** An exporter and the place where its records arrive. */
export interface ExporterUnderTest {
  readonly exporter: Exporter;
  /** Everything that has arrived, in which the names of records are found as text. */
  arrived(): string;
  close(): Promise<void>;
}

/** Tests the contract of every exporter. */
export function testExporter(name: string, open: () => Promise<ExporterUnderTest>): void {
  let subject: ExporterUnderTest;
  beforeEach(async () => {
    subject = await open();
  });
  afterEach(() => subject.close());

  for (const signal of ['traces', 'metrics', 'logs'] as const) {
    describe(`exporter ${name}, ${signal}`, () => {
      test(`${name} delivers ${signal} before forceFlush() resolves, and reports them once`, async (t) => {
        const channel = openChannel(subject.exporter, signal);
        if (!channel) return t.skip(`${name} has nothing for ${signal}`);
        const results = await channel.send('milk');
        await channel.forceFlush();
        expect(subject.arrived()).toContain('milk');
        expect(results).toEqual([{ code: ExportResultCode.SUCCESS }]);
      });

      test(`${name} delivers ${signal} before shutdown() resolves`, async (t) => {
        const channel = openChannel(subject.exporter, signal);
        if (!channel) return t.skip(`${name} has nothing for ${signal}`);
        const results = await channel.send('bread');
        await channel.shutdown();
        expect(subject.arrived()).toContain('bread');
        expect(results).toEqual([{ code: ExportResultCode.SUCCESS }]);
      });

      test(`${name} rejects ${signal} after shutdown()`, async (t) => {
        const channel = openChannel(subject.exporter, signal);
        if (!channel) return t.skip(`${name} has nothing for ${signal}`);
        await channel.shutdown();
        const results = await channel.send('cheese');
        await channel.shutdown();
        expect(results).toMatchObject([{ code: ExportResultCode.FAILED }]);
        expect(subject.arrived()).not.toContain('cheese');
      });

      test(`${name} delivers ${signal} after a record with unreadable values`, async (t) => {
        const channel = openChannel(subject.exporter, signal);
        if (!channel) return t.skip(`${name} has nothing for ${signal}`);
        const odd = await channel.send('odd', oddAttributes());
        const next = await channel.send('butter');
        await channel.shutdown();
        expect(subject.arrived()).toContain('butter');
        expect(odd).toHaveLength(1);
        expect(next).toEqual([{ code: ExportResultCode.SUCCESS }]);
      });

      test(`${name} describes the destination of ${signal}`, () => {
        expect(subject.exporter.describe(signal)).toMatch(/\S/);
      });
    });
  }

  test(`${name} keeps the other signals open after the shutdown of one`, async () => {
    const traces = openChannel(subject.exporter, 'traces');
    const logs = openChannel(subject.exporter, 'logs');
    await traces?.shutdown();
    const results = await logs?.send('last words');
    await logs?.shutdown();
    expect(subject.arrived()).toContain('last words');
    expect(results).toEqual([{ code: ExportResultCode.SUCCESS }]);
  });
}

interface Channel {
  /** Resolves to the results that were reported; more may be added later. */
  send(name: string, attributes?: object): Promise<readonly ExportResult[]>;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

/**
 * Opens one signal of an exporter, to send it records with a name. Returns null if the exporter lacks
 * the signal.
 */
function openChannel(exporter: Exporter, signal: Signal): Channel | null {
  switch (signal) {
    case 'traces': {
      const spans = exporter.traces();
      return (
        spans &&
        channel(spans, (name, attributes, done) => {
          spans.export(
            recordSpans((tracer) => tracer.startSpan(name).end()).map(carrying(attributes)),
            done,
          );
        })
      );
    }
    case 'metrics': {
      const metrics = exporter.metrics();
      return (
        metrics &&
        channel(metrics, async (name, attributes, done) => {
          const { meter, collect } = recordMetrics();
          meter.createCounter(name).add(1);
          const collected = await collect();
          for (const { metrics: all } of collected.scopeMetrics) {
            for (const metric of all) metric.dataPoints.forEach(carrying(attributes));
          }
          metrics.export(collected, done);
        })
      );
    }
    case 'logs': {
      const logs = exporter.logs();
      return (
        logs &&
        channel(logs, (name, attributes, done) => {
          logs.export(
            recordLogs((logger) => logger.emit({ body: name })).map(carrying(attributes)),
            done,
          );
        })
      );
    }
  }
}

type Send = (
  name: string,
  attributes: object | undefined,
  done: (result: ExportResult) => void,
) => void | Promise<void>;

function channel(
  destination: { forceFlush?(): Promise<void>; shutdown(): Promise<void> },
  sendRecord: Send,
): Channel {
  return {
    async send(name, attributes) {
      const results: ExportResult[] = [];
      await sendRecord(name, attributes, (result) => results.push(result));
      return results;
    },
    forceFlush: async () => destination.forceFlush?.(),
    shutdown: () => destination.shutdown(),
  };
}

/** Puts attributes on a record behind the SDK's back, which would drop those that are none. */
function carrying(attributes: object | undefined) {
  return <T extends object>(record: T): T =>
    attributes ? Object.defineProperty(record, 'attributes', { value: attributes }) : record;
}

function oddAttributes(): object {
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  return {
    big: 2n ** 64n,
    nan: Number.NaN,
    infinite: [1, Number.POSITIVE_INFINITY],
    bytes: new Uint8Array([0, 255]),
    nested: { deep: [{ er: null }] },
    half: '\ud800',
    symbol: Symbol('s'),
    circular,
    thrower: {
      toJSON: () => fail('toJSON'),
      toString: () => fail('toString'),
      get value() {
        return fail('a getter');
      },
    },
  };
}

function fail(what: string): never {
  throw new Error(`${what} was called and threw`);
}
