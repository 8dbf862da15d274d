import { expect, test } from 'vitest';
import { type ExportFailure, SIGNALS } from '../../exporters/exporter.ts';
import { createOutageReporter } from '../../exporters/otlp/outages.ts';
import { contextOf } from '../support/failure-context.ts';
import { useWarnings } from '../support/use-warnings.ts';

const warnings = useWarnings();

const REFUSED: ExportFailure = { kind: 'connection', code: 'ECONNREFUSED' };
const REFUSAL =
  'http://collector:4318 refused the connection, retrying; start a Collector there, or correct OTEL_EXPORTER_OTLP_ENDPOINT';

test('createOutageReporter() reports a problem of the collector once for all signals', () => {
  const [traces, metrics, logs] = SIGNALS.map((signal) => contextOf(signal));
  if (!traces || !metrics || !logs) throw new Error('There are three signals.');
  const outages = createOutageReporter([traces, metrics, logs]);
  outages.begin(REFUSED, logs);
  outages.begin(REFUSED, traces);
  outages.begin(REFUSED, metrics);
  outages.end('traces', true);
  outages.end('metrics', true);
  outages.end('logs', true);
  expect(warnings).toEqual([
    `traces, metrics, logs: ${REFUSAL}`,
    'traces, metrics, logs: exports succeed again',
  ]);
});

test('createOutageReporter() reports signals that go to other collectors separately', () => {
  const traces = contextOf('traces');
  const logs = contextOf('logs', { url: 'http://other:4318/v1/logs' });
  const outages = createOutageReporter([traces, logs]);
  outages.begin(REFUSED, traces);
  outages.begin(REFUSED, logs);
  expect(warnings).toEqual([
    `traces: ${REFUSAL}`,
    `logs: ${REFUSAL.replace('collector:4318', 'other:4318')}`,
  ]);
});

test('createOutageReporter() reports the end only if the export was retried', () => {
  const traces = contextOf('traces');
  const outages = createOutageReporter([traces]);
  outages.end('traces', true);
  outages.begin(REFUSED, traces);
  outages.end('traces', false);
  outages.begin(REFUSED, traces);
  expect(warnings).toEqual([`traces: ${REFUSAL}`, `traces: ${REFUSAL}`]);
});

test('createOutageReporter() names the settings as the user wrote them', () => {
  const names = { ...contextOf('traces').variables, endpoint: '--exporter_otlp_endpoint' };
  const traces = contextOf('traces', { names });
  createOutageReporter([traces]).begin(REFUSED, traces);
  expect(warnings).toEqual([
    `traces: ${REFUSAL.replace('OTEL_EXPORTER_OTLP_ENDPOINT', '--exporter_otlp_endpoint')}`,
  ]);
});
