import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { expect, test } from 'vitest';
import { createTraceBuffer, type TraceBufferOptions } from '../../exporters/tree/trace-buffer.ts';
import { type TraceNode, toLogRecord, toSpanRecord } from '../../exporters/tree/trace-tree.ts';
import { recordLogs, recordSpans } from '../support/sdk-records.ts';
import { waitUntil } from '../support/wait-until.ts';

/** Records the children `1`, `2`, ... and their root, which is last. */
function recordTrace(children: number) {
  return recordSpans((tracer) => {
    const root = tracer.startSpan('root', { startTime: [0, 0] });
    const context = trace.setSpan(ROOT_CONTEXT, root);
    for (let i = 1; i <= children; i++) {
      tracer.startSpan(`${i}`, { startTime: [i, 0] }, context).end();
    }
    root.end();
  });
}

function open(limits: Partial<TraceBufferOptions>) {
  const shown: { node: TraceNode; dropped: number }[] = [];
  const results: ExportResult[] = [];
  const buffer = createTraceBuffer({
    ...limits,
    areSpansExpected: () => true,
    show: (node, dropped) => shown.push({ node, dropped }),
  });
  const done = (result: ExportResult) => results.push(result);
  const add = (span: ReadableSpan) => buffer.add(toSpanRecord(span, done));
  /** Creates a log record below a span that has not ended. */
  function log(body: string, below: ReadableSpan) {
    const context = trace.setSpanContext(ROOT_CONTEXT, below.spanContext());
    const records = recordLogs((logger) => logger.emit({ body, context }));
    for (const record of records) buffer.add(toLogRecord(record, done));
  }
  return { buffer, shown, results, add, log };
}

function nameOf({ entry }: TraceNode) {
  return entry.kind === 'span' ? entry.span.name : String(entry.record.body);
}

test('the trace buffer drops the oldest of too many spans, counts them and reports them as failed', () => {
  const { shown, results, add } = open({ maxEntries: 2 });
  for (const span of recordTrace(5)) add(span);
  expect(shown).toHaveLength(1);
  expect(shown[0]?.dropped).toBe(3);
  expect(shown[0]?.node.children.map(nameOf)).toEqual(['4', '5']);
  expect(results.map(({ code }) => code)).toEqual(Array(3).fill(ExportResultCode.FAILED));
  expect(results[0]?.error?.message).toContain('more than 2');
});

test('the trace buffer shows the oldest of too many traces without its root', () => {
  const { shown, add } = open({ maxTraces: 2 });
  for (let i = 0; i < 3; i++) for (const span of recordTrace(1).slice(0, 1)) add(span);
  expect(shown.map(({ node }) => nameOf(node))).toEqual(['1']);
});

test('the trace buffer shows a span that is its own parent once', () => {
  const { buffer, shown, add } = open({});
  const [child] = recordTrace(1);
  if (!child) throw new Error('There is a child');
  const context = child.spanContext();
  add(Object.defineProperty(child, 'parentSpanContext', { value: context }));
  buffer.flush();
  expect(shown).toHaveLength(1);
});

test('the trace buffer shows log records of a slow request while it runs, and its spans at the end', async () => {
  const { shown, add, log } = open({ logDelayMillis: 20 });
  const names = () => shown.map(({ node }) => nameOf(node));
  const [child, root] = recordTrace(1);
  if (!child || !root) throw new Error('There are two spans');
  log('first', root);
  add(child);
  log('second', root);
  expect(names()).toEqual([]);
  await waitUntil(
    () => shown.length > 0,
    5_000,
    () => 'Nothing was shown.',
  );
  expect(names()).toEqual(['first', 'second']);
  log('third', root);
  expect(names()).toEqual(['first', 'second', 'third']);
  add(root);
  expect(names()).toEqual(['first', 'second', 'third', 'root']);
  expect(shown[3]?.node.children.map(nameOf)).toEqual(['1']);
});

test('the trace buffer waits for the next request of a slow trace again', async () => {
  const { shown, add, log } = open({ logDelayMillis: 20 });
  const [root] = recordTrace(0);
  const [next] = recordTrace(0);
  if (!root || !next) throw new Error('There are two spans');
  log('of the first', root);
  await waitUntil(
    () => shown.length > 0,
    5_000,
    () => 'Nothing was shown.',
  );
  add(root);
  const { traceId } = root.spanContext();
  Object.defineProperty(next, 'spanContext', {
    value: () => ({ traceId, spanId: 'b7ad6b7169203331', traceFlags: 1 }),
  });
  log('of the next', next);
  expect(shown).toHaveLength(2);
  add(next);
  expect(shown[2]?.node.children.map(nameOf)).toEqual(['of the next']);
});
