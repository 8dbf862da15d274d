import {
  type Exporter,
  printableLines,
  SIGNALS,
  type Signal,
} from 'opentelemetry-instrument-exporters';
import { type Deadline, deadlineIn, millisSince } from './deadline.ts';
import { diagnoseOtlp, probeOptions } from './diagnose-otlp.ts';
import type { Destination, Diagnosis, SignalDiagnosis } from './diagnosis.ts';
import { inspectRuntime } from './inspect-runtime.ts';
import type { DoctorOptions } from './options.ts';
import { createReport } from './report.ts';
import { scrape } from './send/index.ts';
import { isDisabled, verdictFor } from './verdict.ts';

export { createResource } from '../sdk/resource.ts';
export type { Diagnosis } from './diagnosis.ts';
export type { DoctorOptions } from './options.ts';

/** Time limit of the diagnosis. */
const DIAGNOSIS_TIMEOUT_MS = 14_000;

/**
 * Sends one real record per signal and reports where delivery fails.
 *
 * Takes 15 s at most. Connections may still be open then: end the process afterwards.
 * @returns the exit code: 0 if everything arrives, else 1
 */
export async function diagnose(options: DoctorOptions): Promise<0 | 1> {
  const start = performance.now();
  const deadline = deadlineIn(DIAGNOSIS_TIMEOUT_MS);
  const { version, settings, problems, json, write } = options;
  const runtime = inspectRuntime(options);
  const head = { version, settings, problems, runtime };
  const report = createReport(options.colors);
  if (!json) write(report.start(head));

  const { traces, metrics, logs } = options.otlp;
  const otlp = {
    traces: probeOptions(traces),
    metrics: probeOptions(metrics),
    logs: probeOptions(logs),
  };
  // Shared by all signals, as in the app.
  const exporters = new Map<string, Promise<Exporter>>();
  async function load(name: string): Promise<Exporter> {
    const loading = exporters.get(name) ?? options.loadExporter(name, otlp);
    exporters.set(name, loading);
    return loading;
  }
  async function checkSignal(signal: Signal): Promise<SignalDiagnosis> {
    const names = isDisabled(settings) ? [] : options.signals[signal];
    const destinations = await Promise.all(
      names.map((name) => checkDestination(signal, name, load, options, deadline)),
    );
    return { verdict: verdictFor(signal, destinations, head, options.refusals), destinations };
  }
  const working = SIGNALS.map((signal) => [signal, checkSignal(signal)] as const);
  const signals = {} as Record<Signal, SignalDiagnosis>;
  for (const [signal, diagnosis] of working) {
    signals[signal] = await diagnosis;
    if (!json) write(report.signal(signal, signals[signal]));
  }

  const verdicts = Object.values(signals).map(({ verdict }) => verdict.kind);
  const arrives = !verdicts.includes('fails') && verdicts.includes('arrives');
  const diagnosis: Diagnosis = { ...head, arrives, signals, durationMillis: millisSince(start) };
  write(
    json ? `${printableLines(JSON.stringify(diagnosis, null, 2))}\n` : report.conclusion(diagnosis),
  );
  return arrives ? 0 : 1;
}

/** Exporters that write to the output of the program. */
const OUTPUTS = ['console', 'tree'];

async function checkDestination(
  signal: Signal,
  name: string,
  load: (name: string) => Promise<Exporter>,
  options: DoctorOptions,
  deadline: Deadline,
): Promise<Destination> {
  const unavailable = (because: string): Destination => ({
    kind: 'unavailable',
    exporter: name,
    cause: { because, change: `Set OTEL_${signal.toUpperCase()}_EXPORTER to another one.` },
  });
  try {
    const exporter = await load(name);
    if (name === 'otlp') return await diagnoseOtlp(signal, exporter, options, deadline);
    if (signal === 'metrics' && exporter.openMetricReader) {
      const { settings, resource } = options;
      const found = await scrape(exporter.openMetricReader, settings, resource, deadline);
      return { kind: 'fetched', exporter: name, ...found };
    }
    if (exporter[signal]() === null) {
      return unavailable(`the exporter ${name} does not support ${signal}.`);
    }
    const kind = OUTPUTS.includes(name) ? 'output' : 'unchecked';
    return { kind, exporter: name, to: exporter.describe(signal) };
  } catch (error) {
    return unavailable(`the exporter ${name} cannot be loaded: ${error}`);
  }
}
