import { resourceFromAttributes } from '@opentelemetry/resources';
import type { Exporter, Signal } from '../../../exporters/exporter.ts';
import { loadExporter } from '../../../exporters/index.ts';
import type { OtlpOptions } from '../../../exporters/options.ts';
import type {
  OtlpDestination,
  SignalDiagnosis,
} from '../../../packages/opentelemetry-instrument/src/doctor/diagnosis.ts';
import {
  type Diagnosis,
  type DoctorOptions,
  diagnose,
} from '../../../packages/opentelemetry-instrument/src/doctor/index.ts';
import { exporterOptions } from '../../../packages/opentelemetry-instrument/src/settings/program-settings.ts';
import { settingsOf } from '../../support/settings.ts';

export interface Examination {
  readonly exitCode: number;
  readonly diagnosis: Diagnosis;
  readonly traces: SignalDiagnosis;
  /** Destination of the traces. */
  readonly otlp: OtlpDestination;
  /** Cause of the verdict on the traces, and what to change. */
  readonly because: string;
  readonly change: string;
}

export interface Case extends Partial<DoctorOptions> {
  /** Value of `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly url: string;
  readonly target?: Partial<OtlpOptions>;
  readonly exporter?: Exporter;
}

/** Returns options that send only traces, to `url`, with the exporter `otlp`. */
export function doctorOptions({ url, target, exporter, ...rest }: Case): DoctorOptions {
  const to = (signal: Signal): OtlpOptions => ({
    url: `${url.replace(/\/$/, '')}/v1/${signal}`,
    protocol: 'http/protobuf',
    headers: {},
    timeoutMillis: 10_000,
    certificate: undefined,
    clientKey: undefined,
    clientCertificate: undefined,
    compression: 'none',
    endpoint: undefined,
    ...target,
  });
  const otlp = { traces: to('traces'), metrics: to('metrics'), logs: to('logs') };
  const exporters = { traces: ['otlp'], metrics: ['otlp'], logs: ['otlp'] };
  return {
    version: '1.2.3',
    apiVersion: '1.9.1',
    runtime: { name: 'test', version: '1.0', hasOwnTelemetry: false },
    settings: [{ name: 'OTEL_EXPORTER_OTLP_ENDPOINT', value: url, origin: 'variable' }],
    problems: [],
    signals: { traces: ['otlp'], metrics: [], logs: [] },
    otlp,
    resource: resourceFromAttributes({ 'service.name': 'todo' }),
    loadExporter: async (name, otlp) =>
      exporter ?? loadExporter(name, exporterOptions({ settings: settingsOf(), otlp, exporters })),
    write() {},
    colors: false,
    json: true,
    ...rest,
  };
}

/** Returns the diagnosis. */
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

/** Returns the output of the doctor. */
export async function print(options: Case): Promise<string> {
  let text = '';
  const write = (part: string) => {
    text += part;
  };
  await diagnose({ ...doctorOptions({ json: false, ...options }), write });
  return text;
}
