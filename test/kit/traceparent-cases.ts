import { type ConformanceCase, type Exchange, parentId, traceId } from './conformance-case.ts';

const valid = `00-${traceId}-${parentId}-01`;

function continued(...values: string[]): Exchange[] {
  return values.map((value) => ({ headers: [['traceparent', value]], trace: 'continued' }));
}

function restarted(...values: string[]): Exchange[] {
  return values.map((value) => ({ headers: [['traceparent', value]], trace: 'new' }));
}

/** Cases in which the harness sends `traceparent`. */
export const traceparentCases: readonly ConformanceCase[] = [
  {
    name: 'test_both_traceparent_and_tracestate_missing',
    exchanges: [{ headers: [], trace: 'new' }],
  },
  { name: 'test_traceparent_included_tracestate_missing', exchanges: continued(valid) },
  {
    name: 'test_traceparent_duplicated',
    exchanges: [
      {
        headers: [
          ['traceparent', `00-${traceId.replace(/2$/, '1')}-${parentId}-01`],
          ['traceparent', valid],
        ],
        trace: 'new',
      },
    ],
  },
  {
    name: 'test_traceparent_header_name',
    exchanges: ['trace-parent', 'trace.parent'].map((name) => ({
      headers: [[name, valid]],
      trace: 'new',
    })),
  },
  {
    name: 'test_traceparent_header_name_valid_casing',
    exchanges: ['TraceParent', 'TrAcEpArEnT', 'TRACEPARENT'].map((name) => ({
      headers: [[name, valid]],
      trace: 'continued',
    })),
  },
  {
    name: 'test_traceparent_version_0x00',
    exchanges: restarted(`${valid}.`, `${valid}-what-the-future-will-be-like`),
  },
  {
    name: 'test_traceparent_version_0xcc',
    exchanges: [
      ...continued(valid.replace(/^00/, 'cc'), `${valid.replace(/^00/, 'cc')}-what-comes`),
      ...restarted(`${valid.replace(/^00/, 'cc')}.what-comes`),
    ],
  },
  { name: 'test_traceparent_version_0xff', exchanges: restarted(valid.replace(/^00/, 'ff')) },
  {
    name: 'test_traceparent_version_illegal_characters',
    exchanges: restarted(valid.replace(/^00/, '.0'), valid.replace(/^00/, '0.')),
  },
  { name: 'test_traceparent_version_too_long', exchanges: restarted(`0${valid}`, `00${valid}`) },
  { name: 'test_traceparent_version_too_short', exchanges: restarted(valid.slice(1)) },
  {
    name: 'test_traceparent_trace_id_all_zero',
    exchanges: restarted(`00-${'0'.repeat(32)}-${parentId}-01`),
  },
  {
    name: 'test_traceparent_trace_id_illegal_characters',
    exchanges: restarted(
      `00-.${traceId.slice(1)}-${parentId}-01`,
      `00-${traceId.slice(0, -1)}.-${parentId}-01`,
    ),
  },
  {
    name: 'test_traceparent_trace_id_too_long',
    exchanges: restarted(`00-${traceId}3-${parentId}-01`),
  },
  {
    name: 'test_traceparent_trace_id_too_short',
    exchanges: restarted(`00-${traceId.slice(0, -1)}-${parentId}-01`),
  },
  {
    name: 'test_traceparent_parent_id_all_zero',
    exchanges: restarted(`00-${traceId}-${'0'.repeat(16)}-01`),
  },
  {
    name: 'test_traceparent_parent_id_illegal_characters',
    exchanges: restarted(
      `00-${traceId}-.${parentId.slice(1)}-01`,
      `00-${traceId}-${parentId.slice(0, -1)}.-01`,
    ),
  },
  {
    name: 'test_traceparent_parent_id_too_long',
    exchanges: restarted(`00-${traceId}-${parentId}7-01`),
  },
  {
    name: 'test_traceparent_parent_id_too_short',
    exchanges: restarted(`00-${traceId}-${parentId.slice(0, -1)}-01`),
  },
  {
    name: 'test_traceparent_trace_flags_illegal_characters',
    exchanges: restarted(`00-${traceId}-${parentId}-.0`, `00-${traceId}-${parentId}-0.`),
  },
  {
    name: 'test_traceparent_trace_flags_too_long',
    exchanges: restarted(`00-${traceId}-${parentId}-001`),
  },
  {
    name: 'test_traceparent_trace_flags_too_short',
    exchanges: restarted(`00-${traceId}-${parentId}-1`),
  },
  {
    name: 'test_traceparent_ows_handling',
    exchanges: continued(` ${valid}`, `\t${valid}`, `${valid} `, `${valid}\t`, `\t ${valid} \t`),
  },
];
