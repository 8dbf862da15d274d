import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { expect, test } from 'vitest';
import { spanEntry } from '../../exporters/tree/entry.ts';
import { type Branch, createTraceBuffer } from '../../exporters/tree/trace-buffer.ts';
import { recordSpans } from '../support/sdk-records.ts';

/** Children `1`, `2`, ... and then their root, which is last. */
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

function open(limits: { maxTraces?: number; maxEntries?: number }) {
  const shown: { branch: Branch; dropped: number }[] = [];
  const results: ExportResult[] = [];
  const buffer = createTraceBuffer({
    ...limits,
    areSpansExpected: () => true,
    show: (branch, dropped) => shown.push({ branch, dropped }),
  });
  const add = (span: Parameters<typeof spanEntry>[0]) =>
    buffer.add(spanEntry(span, (result) => results.push(result)));
  return { buffer, shown, results, add };
}

function nameOf({ entry }: Branch) {
  return entry.kind === 'span' ? entry.span.name : String(entry.record.body);
}

test('a trace with too many spans drops its oldest, counts them and reports them as failed', () => {
  const { shown, results, add } = open({ maxEntries: 2 });
  for (const span of recordTrace(5)) add(span);
  expect(shown).toHaveLength(1);
  expect(shown[0]?.dropped).toBe(3);
  expect(shown[0]?.branch.children.map(nameOf)).toEqual(['4', '5']);
  expect(results.map(({ code }) => code)).toEqual(Array(3).fill(ExportResultCode.FAILED));
  expect(results[0]?.error?.message).toContain('more than 2');
});

test('the oldest of too many traces is shown without its root', () => {
  const { shown, add } = open({ maxTraces: 2 });
  for (let i = 0; i < 3; i++) for (const span of recordTrace(1).slice(0, 1)) add(span);
  expect(shown.map(({ branch }) => nameOf(branch))).toEqual(['1']);
});

test('a span that is its own parent is shown once', () => {
  const { buffer, shown, add } = open({});
  const [child] = recordTrace(1);
  if (!child) throw new Error('There is a child');
  const context = child.spanContext();
  add(Object.defineProperty(child, 'parentSpanContext', { value: context }));
  buffer.flush();
  expect(shown).toHaveLength(1);
});
