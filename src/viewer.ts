import { SIGNALS, type Signal } from 'opentelemetry-instrument-exporters';
import { isLoopback } from 'opentelemetry-instrument-exporters/hosts';
import type { Viewer } from 'opentelemetry-viewer';
import type { TodoSettings } from './settings/index.ts';

type SignalExporters = Readonly<Record<Signal, readonly string[]>>;

/**
 * Adds the viewer to the exporters of every signal, if it is asked for or nothing else is configured.
 *
 * With `VIEWER=auto` it is not added when an exporter is named or an OTLP endpoint is set. Neither is it when
 * `HOST` is not a loopback address: traces are not for everyone who can reach the app.
 */
export function exportersWithViewer({
  settings,
  exporters,
  written,
}: TodoSettings): SignalExporters {
  const { VIEWER, HOST, OTEL_SDK_DISABLED } = settings;
  if (VIEWER === 'none' || OTEL_SDK_DISABLED) return without(exporters);
  const isConfigured = SIGNALS.some(
    (signal) =>
      written.has(`OTEL_${signal.toUpperCase()}_EXPORTER`) || exporters[signal].includes('otlp'),
  );
  const isDefault = VIEWER === 'auto' && !isConfigured && isLoopback(HOST);
  if (!isDefault && VIEWER === 'auto') return exporters;
  return eachSignal((signal) => [...new Set([...exporters[signal], 'viewer'])]);
}

/** Starts the viewer if records go to it. Its code is loaded only then. */
export async function openViewer(
  { settings }: TodoSettings,
  exporters: SignalExporters,
  notify: (message: string) => void,
): Promise<Viewer | undefined> {
  if (!SIGNALS.some((signal) => exporters[signal].includes('viewer'))) return undefined;
  const { VIEWER, VIEWER_MAX_TRACES, VIEWER_MAX_MEMORY, VIEWER_OTLP, ALLOWED_HOSTS } = settings;
  try {
    const { startViewer } = await import('opentelemetry-viewer');
    return await startViewer({
      ...(typeof VIEWER === 'number' && { port: VIEWER }),
      ...(VIEWER_OTLP && { otlp: { httpPort: 4318, grpcPort: 4317 } }),
      limits: { maxTraces: VIEWER_MAX_TRACES, maxBytes: VIEWER_MAX_MEMORY * 1024 * 1024 },
      sampling: describeSampler(settings),
      allowedHosts: ALLOWED_HOSTS,
      keepAlive: false,
      notify,
    });
  } catch (error) {
    notify(`The viewer cannot start: ${(error as Error).message}`);
    return undefined;
  }
}

/** Returns the sampler and its argument, as the status page shows them. */
function describeSampler({
  OTEL_TRACES_SAMPLER: name,
  OTEL_TRACES_SAMPLER_ARG: ratio,
}: TodoSettings['settings']): string {
  return name.endsWith('traceidratio') ? `${name} ${ratio}` : name;
}

function without(exporters: SignalExporters): SignalExporters {
  return eachSignal((signal) => exporters[signal].filter((name) => name !== 'viewer'));
}

function eachSignal(make: (signal: Signal) => readonly string[]): SignalExporters {
  return { traces: make('traces'), metrics: make('metrics'), logs: make('logs') };
}
