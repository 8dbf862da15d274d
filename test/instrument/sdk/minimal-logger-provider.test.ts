import { INVALID_SPAN_CONTEXT, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { SeverityNumber } from '@opentelemetry/api-logs';
import { InMemoryLogRecordExporter } from '@opentelemetry/sdk-logs';
import { expect, test } from 'vitest';
import { createMinimalLoggerProvider } from '../../../packages/opentelemetry-instrument/src/sdk/minimal-logger-provider.ts';

const SPAN_CONTEXT = {
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  spanId: '00f067aa0ba902b7',
  traceFlags: 1,
};

function emit(record: Parameters<ReturnType<typeof createLogger>['emit']>[0]) {
  const exporter = new InMemoryLogRecordExporter();
  createLogger(exporter).emit(record);
  return exporter.getFinishedLogRecords()[0];
}

function createLogger(exporter: InMemoryLogRecordExporter) {
  return createMinimalLoggerProvider(exporter).getLogger('todo', '1.0.0');
}

test('createMinimalLoggerProvider() passes on records like the SDK', () => {
  expect(
    emit({
      severityNumber: SeverityNumber.INFO,
      severityText: 'INFO',
      body: 'task added',
      attributes: { 'task.id': 1 },
      context: trace.setSpanContext(ROOT_CONTEXT, SPAN_CONTEXT),
    }),
  ).toMatchObject({
    severityNumber: SeverityNumber.INFO,
    severityText: 'INFO',
    body: 'task added',
    attributes: { 'task.id': 1 },
    spanContext: SPAN_CONTEXT,
    instrumentationScope: { name: 'todo', version: '1.0.0' },
    hrTime: [expect.any(Number), expect.any(Number)],
  });
});

test('createMinimalLoggerProvider() records no trace outside of one', () => {
  const context = trace.setSpanContext(ROOT_CONTEXT, INVALID_SPAN_CONTEXT);
  expect(emit({ body: 'a' })?.spanContext).toBeUndefined();
  expect(emit({ body: 'a', context })?.spanContext).toBeUndefined();
});
