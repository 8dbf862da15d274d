import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { OTLPLogExporter as GrpcLogExporter } from '@opentelemetry/exporter-logs-otlp-grpc';
import { OTLPLogExporter as JsonLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPMetricExporter as GrpcMetricExporter } from '@opentelemetry/exporter-metrics-otlp-grpc';
import { OTLPMetricExporter as JsonMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter as GrpcTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { OTLPTraceExporter as JsonTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { OtlpProtocol } from '../../../exporters/index.ts';
import { serviceOf } from '../../../packages/opentelemetry-viewer/src/store/record-facts.ts';
import { root } from '../../support/app-command.ts';
import { relayTo, startCollector } from '../../support/collector.ts';
import { COLLECTOR_BUILD_TIMEOUT_MS, collectorIsMissing } from '../../support/collector-build.ts';
import { installOnce, installPython } from '../../support/install-once.ts';
import { PROTOCOLS } from '../../support/protocols.ts';
import { readRepositoryFile } from '../../support/repository-files.ts';
import { recordLogs, recordMetrics, recordSpans } from '../../support/sdk-records.ts';
import { grpcProblem, type SpawnedViewer, spawnViewer } from '../spawn-viewer.ts';

const run = promisify(execFile);
const FOLDER = 'test/viewer/interop';
/** The first run installs the senders, which takes a few minutes. */
const TIMEOUT = { timeout: 400_000 };
const PYTHON_PACKAGES = ['opentelemetry-sdk==1.45.2', 'opentelemetry-exporter-otlp==1.45.2'];

let viewer: SpawnedViewer;
beforeAll(async () => {
  viewer = await spawnViewer();
});
afterAll(() => viewer[Symbol.asyncDispose]());
beforeEach(async () => {
  await fetch(`${viewer.httpUrl}/v1/traces`, { method: 'DELETE' });
});

async function readJson(path: string) {
  const response = await fetch(`${viewer.url}${path}`, { headers: { accept: 'application/json' } });
  return response.json();
}

/** Expects the span, the metric and the log record that every sender sends, from one service. */
async function expectRecords(service: string): Promise<void> {
  const { services } = (await readJson('/api/v3/services')) as { services: string[] };
  expect(services).toEqual([service]);
  expect(await viewer.spanNames()).toEqual(['milk']);
  const series = (await readJson('/metrics')) as { service: string; name: string }[];
  expect(series.filter((each) => each.service === service).map(({ name }) => name)).toEqual([
    'bread',
  ]);
  expect(JSON.stringify(await readJson('/logs'))).toContain('"body":{"stringValue":"butter"}');
}

/** The official JavaScript exporters of traces, metrics and logs. */
const EXPORTERS = {
  'http/protobuf': [OTLPTraceExporter, OTLPMetricExporter, OTLPLogExporter],
  'http/json': [JsonTraceExporter, JsonMetricExporter, JsonLogExporter],
  grpc: [GrpcTraceExporter, GrpcMetricExporter, GrpcLogExporter],
} as const;

/** Sends all signals by the official JavaScript exporters. @returns the name of the service */
async function sendFromJavaScript(endpoint: string, protocol: OtlpProtocol): Promise<string> {
  const [TraceExporter, MetricExporter, LogExporter] = EXPORTERS[protocol];
  const { meter, collect } = recordMetrics();
  meter.createCounter('bread').add(1);
  const spans = recordSpans((tracer) => tracer.startSpan('milk').end());
  const logs = recordLogs((logger) => logger.emit({ body: 'butter' }));
  const at = (path: string) => ({ url: protocol === 'grpc' ? endpoint : `${endpoint}/v1/${path}` });
  await exportRecords(new TraceExporter(at('traces')), spans);
  await exportRecords(new MetricExporter(at('metrics')), await collect());
  await exportRecords(new LogExporter(at('logs')), logs);
  return spans[0] ? serviceOf(spans[0]) : '';
}

interface OfficialExporter<Records> {
  export(records: Records, done: (result: { code: number; error?: Error }) => void): void;
  shutdown(): Promise<void>;
}

async function exportRecords<Records>(
  exporter: OfficialExporter<Records>,
  records: Records,
): Promise<void> {
  const result = await new Promise<{ code: number }>((resolve) => {
    exporter.export(records, resolve);
  });
  expect(result).toEqual({ code: 0 });
  await exporter.shutdown();
}

test.for(PROTOCOLS)(
  'the official JavaScript exporters send all signals over %s',
  async (protocol, { skip }) => {
    skip(protocol === 'grpc' && grpcProblem !== undefined, grpcProblem);
    const endpoint = protocol === 'grpc' ? viewer.grpcUrl : viewer.httpUrl;
    await expectRecords(await sendFromJavaScript(endpoint, protocol));
  },
);

test('a Collector passes on all signals', { timeout: COLLECTOR_BUILD_TIMEOUT_MS }, async ({
  skip,
}) => {
  skip(collectorIsMissing !== undefined, collectorIsMissing);
  await using collector = await startCollector([relayTo(viewer.httpUrl)]);
  await expectRecords(await sendFromJavaScript(collector.urls.http, 'http/protobuf'));
});

describe.each(['http', 'grpc'] as const)('over %s', (protocol) => {
  const isUnsupported = protocol === 'grpc' && grpcProblem !== undefined;

  test(`the Python exporters send all signals over ${protocol}`, TIMEOUT, async ({ skip }) => {
    skip(isUnsupported, grpcProblem);
    const python = installPython(PYTHON_PACKAGES);
    if ('problem' in python) return skip(python.problem);
    const endpoint = protocol === 'http' ? viewer.httpUrl : viewer.grpcUrl;
    const script = join(root, FOLDER, 'send.py');
    await run(join(python.folder, 'bin/python'), [script, protocol, endpoint], { timeout: 60_000 });
    await expectRecords(`python-${protocol}`);
  });

  test(`the Go exporters send all signals over ${protocol}`, TIMEOUT, async ({ skip }) => {
    skip(isUnsupported, grpcProblem);
    const sources = join(root, FOLDER, 'go');
    const key =
      readRepositoryFile(`${FOLDER}/go/main.go`) + readRepositoryFile(`${FOLDER}/go/go.sum`);
    const go = installOnce('go', key, (folder) => [
      ['go', 'build', '-C', sources, '-buildvcs=false', '-o', join(folder, 'send')],
    ]);
    if ('problem' in go) return skip(go.problem);
    const { host } = new URL(protocol === 'http' ? viewer.httpUrl : viewer.grpcUrl);
    await run(join(go.folder, 'send'), [protocol, host], { timeout: 60_000 });
    await expectRecords(`go-${protocol}`);
  });
});
