import { ROOT_CONTEXT, SpanKind, SpanStatusCode, TraceFlags, trace } from '@opentelemetry/api';
import { expect, test } from 'vitest';
import { createConsoleExporter } from '../../exporters/console.ts';
import { createMemoryWriter } from '../support/memory-writer.ts';
import { recordLogs, recordSpans } from '../support/sdk-records.ts';

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
const parent = {
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  spanId: '00f067aa0ba902b7',
  traceFlags: TraceFlags.SAMPLED,
  isRemote: true,
};
const inTrace = trace.setSpanContext(ROOT_CONTEXT, parent);
const resource = { attributes: { 'service.name': 'todo' }, schema_url: '' };

function open() {
  const writer = createMemoryWriter();
  const exporter = createConsoleExporter({ writer });
  const ignore = () => {};
  return {
    writer,
    ignore,
    traces: exporter.traces(),
    logs: exporter.logs(),
  };
}

test('a console span has the keys and the nesting of the Python exporter', () => {
  const { writer, traces, ignore } = open();
  const spans = recordSpans((tracer) => {
    const span = tracer.startSpan(
      'GET /',
      { kind: SpanKind.SERVER, startTime: [1795218389, 899129888] },
      inTrace,
    );
    span.setAttributes({ 'url.path': '/', 'http.response.status_code': 500 });
    span.addEvent('exception', { 'exception.type': 'ValueError' }, [1795218389, 7000]);
    span.addLink({ context: parent, attributes: { why: 'because' } });
    span.setStatus({ code: SpanStatusCode.ERROR, message: 'boom' });
    span.end();
  });
  traces?.export(spans, ignore);
  expect(JSON.parse(writer.text)).toEqual({
    name: 'GET /',
    context: {
      trace_id: '0x4bf92f3577b34da6a3ce929d0e0e4736',
      span_id: `0x${spans[0]?.spanContext().spanId}`,
      trace_state: '[]',
    },
    kind: 'SpanKind.SERVER',
    parent_id: '0x00f067aa0ba902b7',
    start_time: '2026-11-20T23:46:29.899129Z',
    end_time: expect.stringMatching(TIME),
    status: { status_code: 'ERROR', description: 'boom' },
    attributes: { 'url.path': '/', 'http.response.status_code': 500 },
    events: [
      {
        name: 'exception',
        timestamp: '2026-11-20T23:46:29.000007Z',
        attributes: { 'exception.type': 'ValueError' },
      },
    ],
    links: [
      {
        context: {
          trace_id: '0x4bf92f3577b34da6a3ce929d0e0e4736',
          span_id: '0x00f067aa0ba902b7',
          trace_state: '[]',
        },
        attributes: { why: 'because' },
      },
    ],
    resource,
  });
});

test('a console span without a parent and description has a null parent and no description', () => {
  const { writer, traces, ignore } = open();
  traces?.export(
    recordSpans((tracer) => tracer.startSpan('GET /').end()),
    ignore,
  );
  expect(JSON.parse(writer.text)).toMatchObject({
    kind: 'SpanKind.INTERNAL',
    parent_id: null,
    status: { status_code: 'UNSET' },
  });
});

test('a console document puts each attribute on a line, indented by four', () => {
  const { writer, traces, ignore } = open();
  traces?.export(
    recordSpans((tracer) => tracer.startSpan('GET /', { attributes: { 'url.path': '/' } }).end()),
    ignore,
  );
  expect(writer.text.split('\n')).toContain('        "url.path": "/"');
  expect(writer.text.endsWith('}\n')).toBe(true);
});

test('a console log record has the keys of the Python exporter', () => {
  const { writer, logs, ignore } = open();
  const records = recordLogs((logger) =>
    logger.emit({
      body: 'task added',
      severityNumber: 9,
      severityText: 'INFO',
      eventName: 'task.added',
      attributes: { 'task.id': 42 },
      context: inTrace,
      timestamp: [1795218389, 905029000],
    }),
  );
  logs?.export(records, ignore);
  const document: unknown = JSON.parse(writer.text);
  expect(document).toEqual({
    body: 'task added',
    severity_number: 9,
    severity_text: 'INFO',
    attributes: { 'task.id': 42 },
    dropped_attributes: 0,
    timestamp: '2026-11-20T23:46:29.905029Z',
    observed_timestamp: expect.stringMatching(TIME),
    trace_id: '0x4bf92f3577b34da6a3ce929d0e0e4736',
    span_id: '0x00f067aa0ba902b7',
    trace_flags: 1,
    resource,
    event_name: 'task.added',
  });
});

test('the console exporter prints values without a JSON form as strings', () => {
  const { writer, logs, ignore } = open();
  const values = { nan: Number.NaN, bytes: new Uint8Array([104, 105]), half: '\ud800', none: null };
  const records = recordLogs((logger) => logger.emit({ body: { values } }));
  logs?.export(records, ignore);
  expect(JSON.parse(writer.text)).toMatchObject({
    body: { values: { nan: 'NaN', bytes: 'aGk=', half: '\ud800', none: null } },
  });
});

test('the console exporter escapes control and direction characters', () => {
  const { writer, logs, ignore } = open();
  const body = 'a\x1b[31m\u009b31m\u202e\u2028\u007f\r\nb';
  logs?.export(
    recordLogs((logger) => logger.emit({ body })),
    ignore,
  );
  expect(writer.text).not.toMatch(/[^\n\P{C}]|[\u2028\u2029]/u);
  expect(JSON.parse(writer.text)).toMatchObject({ body });
});
