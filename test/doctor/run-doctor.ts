import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { OtlpDestination, SignalDiagnosis } from '../../src/doctor/diagnosis.ts';
import { type Diagnosis, type DoctorOptions, diagnose } from '../../src/doctor/index.ts';
import type { OtlpTarget } from '../../src/doctor/options.ts';
import type { Exporter, Signal } from '../../src/telemetry/exporter.ts';

export interface Examination {
  readonly exitCode: number;
  readonly diagnosis: Diagnosis;
  readonly traces: SignalDiagnosis;
  /** Of the traces. */
  readonly otlp: OtlpDestination;
  /** What stands in the verdict on the traces: why, and what to change. */
  readonly because: string;
  readonly change: string;
}

export interface Case extends Partial<DoctorOptions> {
  /** Value of `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly url: string;
  readonly target?: Partial<OtlpTarget>;
  /** PEM for the exporter, which the app's reads from files. */
  readonly pem?: { readonly ca?: string; readonly cert?: string; readonly key?: string };
  readonly exporter?: Exporter;
}

/** Options for the traces alone to go to `url`, by the SDK's own exporter. */
export function doctorOptions({ url, target, pem, exporter, ...rest }: Case): DoctorOptions {
  const to = (signal: Signal): OtlpTarget => ({
    url: `${url.replace(/\/$/, '')}/v1/${signal}`,
    protocol: 'http/protobuf',
    headers: {},
    timeoutMillis: 10_000,
    certificate: undefined,
    clientKey: undefined,
    clientCertificate: undefined,
    ...target,
  });
  const otlp = { traces: to('traces'), metrics: to('metrics'), logs: to('logs') };
  return {
    version: '1.2.3',
    apiVersion: '1.9.1',
    runtime: { name: 'test', version: '1.0', hasOwnTelemetry: false },
    settings: [{ name: 'OTEL_EXPORTER_OTLP_ENDPOINT', value: url, origin: 'variable' }],
    problems: [],
    signals: { traces: ['otlp'], metrics: [], logs: [] },
    otlp,
    resource: resourceFromAttributes({ 'service.name': 'todo' }),
    loadExporter: async () => exporter ?? otlpExporter(otlp, pem ?? {}),
    write() {},
    colors: false,
    json: true,
    ...rest,
  };
}

function otlpExporter(otlp: DoctorOptions['otlp'], httpAgentOptions: object): Exporter {
  const to = (signal: Signal) => {
    const { url, headers, timeoutMillis } = otlp[signal];
    // The SDK takes no 0: what stands for no limit here is one that is never reached.
    const timeout = { timeoutMillis: Math.min(timeoutMillis, 60_000) };
    return { url, headers: { ...headers }, ...timeout, httpAgentOptions };
  };
  return {
    delivery: 'batched',
    metricInterval: 60_000,
    describe: (signal) => otlp[signal].url,
    traces: () => new OTLPTraceExporter(to('traces')),
    metrics: () => new OTLPMetricExporter(to('metrics')),
    logs: () => new OTLPLogExporter(to('logs')),
  };
}

/** What the doctor finds out, as JSON. */
export async function examine(options: Case): Promise<Examination> {
  let json = '';
  const write = (text: string) => {
    json += text;
  };
  const exitCode = await diagnose({ ...doctorOptions(options), write });
  const diagnosis = JSON.parse(json) as Diagnosis;
  const { traces } = diagnosis.signals;
  const { because = '', change = '' } = traces.verdict as { because?: string; change?: string };
  const otlp = traces.destinations.find(({ kind }) => kind === 'otlp') as OtlpDestination;
  return { exitCode, diagnosis, traces, otlp, because, change };
}

/** What the doctor prints. */
export async function print(options: Case): Promise<string> {
  let text = '';
  const write = (part: string) => {
    text += part;
  };
  await diagnose({ ...doctorOptions({ json: false, ...options }), write });
  return text;
}
