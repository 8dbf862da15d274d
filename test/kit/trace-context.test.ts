import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTraceContextPropagator } from '../../packages/opentelemetry-instrument/src/sdk/propagation/trace-context-propagator.ts';
import type { Server } from '../../runtimes/runtime.ts';
import { openRawConnection, type RawHeader } from '../support/raw-connection.ts';
import { type ConformanceCase, parentId, traceId } from './conformance-case.ts';
import { type Carrier, startPropagatingService } from './propagating-service.ts';
import { traceparentCases } from './traceparent-cases.ts';
import { tracestateCases } from './tracestate-cases.ts';

let service: Server;

beforeAll(async () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(createTraceContextPropagator());
  trace.setGlobalTracerProvider(new BasicTracerProvider());
  service = await startPropagatingService();
});

afterAll(() => service.close(0));

async function call(headers: readonly RawHeader[], calls = 1): Promise<Carrier[]> {
  const connection = await openRawConnection(`http://127.0.0.1:${service.port}`);
  connection.sendHead(`POST /?calls=${calls}`, [['Content-Length', '0'], ...headers]);
  const response = await connection.received;
  const body = /\[.*\]/.exec(response)?.[0];
  if (body === undefined) throw new Error(`No list of calls in the response: ${response}`);
  return JSON.parse(body);
}

/** Parses a traceparent. Throws if it is missing or not a valid one of version 00. */
function parse({ traceparent }: Carrier): { traceId: string; spanId: string; flags: number } {
  const match = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(traceparent ?? '');
  if (!match) throw new Error(`${traceparent} is no traceparent`);
  const [, trace = '', span = '', flags = ''] = match;
  expect(trace).not.toBe('0'.repeat(32));
  expect(span).not.toBe('0'.repeat(16));
  return { traceId: trace, spanId: span, flags: Number.parseInt(flags, 16) };
}

/** Parses the members of a tracestate, in order. Throws if one violates the grammar. */
function parseState({ tracestate = '' }: Carrier): [key: string, value: string][] {
  const listed = tracestate.split(/[ \t]*,[ \t]*/).filter((member) => member !== '');
  return listed.map((member) => {
    const match = /^([0-9a-z][\w\-*/@]{0,255})=([ -+\--<>-~]{0,255}[!-+\--<>-~])$/.exec(member);
    if (!match) throw new Error(`${member} is no member of a tracestate`);
    return [match[1] ?? '', match[2] ?? ''];
  });
}

async function run({ exchanges }: ConformanceCase): Promise<void> {
  for (const exchange of exchanges) {
    const [carrier = {}] = await call(exchange.headers);
    const outgoing = parse(carrier);
    if (exchange.trace === 'continued') {
      expect(outgoing.traceId).toBe(traceId);
      expect(outgoing.spanId).not.toBe(parentId);
    } else {
      expect(JSON.stringify(exchange.headers)).not.toContain(outgoing.traceId);
    }
    const members = parseState(carrier);
    const keys = members.map(([key]) => key);
    const { state = {}, without = [], size } = exchange;
    expect(keys.filter((key) => key in state)).toEqual(Object.keys(state));
    for (const [key, value] of members) {
      if (state[key] !== undefined) expect([state[key]].flat()).toContain(value);
    }
    expect(keys.filter((key) => without.includes(key))).toEqual([]);
    if (size !== undefined) expect(keys).toHaveLength(size);
  }
}

// The 41 cases of the W3C's harness, test/test.py of w3c/trace-context, by its names.
describe('traceHttp() conforms to W3C trace context', () => {
  test.each([...traceparentCases, ...tracestateCases])('$name', run);

  test('test_multiple_requests_with_valid_traceparent', async () => {
    const calls = (await call([['traceparent', `00-${traceId}-${parentId}-01`]], 3)).map(parse);
    expect(calls.map((each) => each.traceId)).toEqual([traceId, traceId, traceId]);
    expect(new Set(calls.map((each) => each.spanId)).size).toBe(3);
  });

  test('test_multiple_requests_without_traceparent', async () => {
    const calls = (await call([], 3)).map(parse);
    expect(new Set(calls.map((each) => each.spanId)).size).toBe(3);
  });

  test('test_multiple_requests_with_illegal_traceparent', async () => {
    const none = '0'.repeat(32);
    const calls = (await call([['traceparent', `00-${none}-${parentId}-01`]], 3)).map(parse);
    expect(calls.map((each) => each.traceId)).not.toContain(none);
    expect(new Set(calls.map((each) => each.spanId)).size).toBe(3);
  });

  test('test_propagates_random_flag', async () => {
    const [carrier = {}] = await call([['traceparent', `00-${traceId}-${parentId}-02`]]);
    const outgoing = parse(carrier);
    expect(outgoing.traceId).toBe(traceId);
    expect(outgoing.spanId).not.toBe(parentId);
    expect(outgoing.flags & 0x02).toBe(0x02);
  });
});
