import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type { Hono } from 'hono';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import { traceHttp } from '../../packages/hono-opentelemetry/src/index.ts';
import { createAnsweringApp } from './answering-app.ts';
import { createGate, type Gate } from './gated-stream.ts';
import { type RecordedTelemetry, recordTelemetry } from './recorded-telemetry.ts';
import { useContext } from './use-context.ts';
import { waitUntil } from './wait-until.ts';

/** An app behind a server, or without one. */
export interface ServedApp {
  request(path: string, init?: RequestInit): Promise<Response>;
  close(): Promise<void>;
}

/** A server with a traced app for one test. */
export interface TracedServer {
  readonly request: ServedApp['request'];
  readonly telemetry: RecordedTelemetry;
  readonly gate: Gate;
  /** The one span, once it has ended, which one data point agrees with. */
  ended(): Promise<ReadableSpan>;
}

/** Starts a server for each test. @returns the current test's */
export function useTracedServer(serve: (app: Hono) => Promise<ServedApp>): () => TracedServer {
  useContext();
  let current: TracedServer | undefined;
  let close = async () => {};

  beforeEach(async () => {
    const telemetry = recordTelemetry();
    const gate = createGate();
    const server = await serve(createAnsweringApp(traceHttp(telemetry), gate));
    close = server.close;
    // What servers and Hono print when a stream fails.
    vi.spyOn(console, 'error').mockImplementation(() => {});

    async function ended(): Promise<ReadableSpan> {
      await waitUntil(
        () => telemetry.spans().length > 0,
        5_000,
        () => 'No span ended.',
      );
      const [point, ...more] = await telemetry.histograms('http.server.request.duration');
      expect(more).toEqual([]);
      expect(point?.value.count).toBe(1);
      return telemetry.span();
    }
    current = { request: server.request, telemetry, gate, ended };
  });
  afterEach(async () => {
    current?.gate.open();
    await close();
  });

  return () => {
    if (current === undefined) throw new Error('A server runs during a test only.');
    return current;
  };
}
