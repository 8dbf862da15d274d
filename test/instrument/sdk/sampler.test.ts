import { ROOT_CONTEXT, SpanKind, TraceFlags, trace } from '@opentelemetry/api';
import { SamplingDecision } from '@opentelemetry/sdk-trace-base';
import { expect, test } from 'vitest';
import { createSampler } from '../../../packages/opentelemetry-instrument/src/sdk/sampler.ts';
import { describeProblem } from '../../../packages/opentelemetry-instrument/src/settings/index.ts';
import { readSettings, settingsOf } from '../../support/settings.ts';

const RULES = '/healthz=0,/api/*=1';
/** An id that only a ratio of 1 samples. */
const TRACE_ID = `${'f'.repeat(8)}${'0'.repeat(24)}`;

function isSampled(
  variables: Readonly<Record<string, string>>,
  path?: string,
  parent?: { isRemote: boolean; traceFlags: number },
): boolean {
  const sampler = createSampler(settingsOf({ OTEL_JS_SAMPLER_RULES: RULES, ...variables }));
  const context = parent
    ? trace.setSpanContext(ROOT_CONTEXT, { traceId: TRACE_ID, spanId: 'a'.repeat(16), ...parent })
    : ROOT_CONTEXT;
  const attributes = path === undefined ? {} : { 'url.path': path };
  const { decision } = sampler.shouldSample(
    context,
    TRACE_ID,
    'x',
    SpanKind.SERVER,
    attributes,
    [],
  );
  return decision === SamplingDecision.RECORD_AND_SAMPLED;
}

test.each([
  ['/healthz', false],
  ['/healthz/live', true],
  ['/api/tasks', true],
  ['/', true],
  [undefined, true],
])('the rules decide about a request to %s before the sampler always_on', (path, expected) => {
  expect(isSampled({ OTEL_TRACES_SAMPLER: 'always_on' }, path)).toBe(expected);
  expect(isSampled({}, path)).toBe(expected);
});

test('a path that no rule matches is left to the sampler', () => {
  const ratio = { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.5' };
  expect(isSampled(ratio, '/')).toBe(false);
  expect(isSampled(ratio, '/api/tasks')).toBe(true);
});

test('a local child follows its parent, also with a sampler that is not parent-based', () => {
  const parent = { isRemote: false, traceFlags: TraceFlags.NONE };
  expect(isSampled({ OTEL_TRACES_SAMPLER: 'always_on' }, undefined, parent)).toBe(false);
});

test('a remote parent decides only with a parent-based sampler', () => {
  const parent = { isRemote: true, traceFlags: TraceFlags.SAMPLED };
  expect(isSampled({}, '/healthz', parent)).toBe(true);
  expect(isSampled({ OTEL_TRACES_SAMPLER: 'always_on' }, '/healthz', parent)).toBe(false);
});

test('invalid rules are ignored with a warning', () => {
  const variable = { OTEL_JS_SAMPLER_RULES: '/a=0,b=0,/c=2,/d' };
  const { settings, problems } = readSettings({ variable });
  expect(settings.OTEL_JS_SAMPLER_RULES).toEqual([{ path: '/a', ratio: 0 }]);
  expect(problems.map(describeProblem)).toEqual([
    'OTEL_JS_SAMPLER_RULES: "/a=0,b=0,/c=2,/d" has 3 invalid entries of 4; ignoring those; use a path and a ratio from 0 to 1, such as /healthz=0,/api/*=0.1',
  ]);
});
