import process from 'node:process';
import { context, propagation } from '@opentelemetry/api';
import { logs } from '@opentelemetry/api-logs';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { loadExporter } from 'opentelemetry-instrument-exporters';
import { createMinimalLoggerProvider } from './sdk/minimal-logger-provider.ts';
import { createPropagator } from './sdk/propagation/index.ts';
import { detectRuntime } from './sdk/runtime.ts';
import {
  applyConfigFile,
  describeProblem,
  exporterOptions,
  type ProgramSettings,
  readSettings,
} from './settings/index.ts';
import type { ResolvedTelemetryOptions, Telemetry, TelemetryOptions } from './telemetry.ts';
import { splitEnvironment } from './wrapper-environment.ts';

/**
 * Configures the OpenTelemetry SDK and registers it with the API.
 *
 * Reads `OTEL_*` variables. With none of them set, traces and logs go to a tree on stderr. SIGINT and
 * SIGTERM export what is queued before they end the process, unless the program handles them.
 * @see https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 * @example
 * ```ts
 * import { startTelemetry } from 'opentelemetry-instrument';
 *
 * const telemetry = await startTelemetry({ resource: { 'service.name': 'shop' } });
 * // ...
 * await telemetry.shutdown();
 * ```
 */
export async function startTelemetry({
  resource = {},
  browser,
  runtime = detectRuntime(),
  notify = (message) => void process.stderr.write(`${message}\n`),
  settings: given,
  loadExporter: givenLoader,
  isPreloaded = false,
}: TelemetryOptions = {}): Promise<Telemetry> {
  const settings = given ?? (await readEnvironment(notify));
  const load = givenLoader ?? ((name) => loadExporter(name, exporterOptions(settings)));
  const options = { settings, resource, browser, runtime, notify, loadExporter: load, isPreloaded };
  // The API refuses these when a runtime or another SDK has registered its own.
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(await createPropagator(settings.settings.OTEL_PROPAGATORS));
  if (runtime.hasOwnTelemetry) return showLogs(options, "the runtime's own exporter");
  // A disabled SDK is not imported at all.
  if (settings.settings.OTEL_SDK_DISABLED) return showLogs(options, 'off (OTEL_SDK_DISABLED)');
  const { startSdk } = await import('./sdk/start-sdk.ts');
  return (await startSdk(options)) ?? showLogs(options, 'the SDK that was registered before');
}

async function readEnvironment(notify: (message: string) => void): Promise<ProgramSettings> {
  const read = readSettings(await applyConfigFile(splitEnvironment(process.env)));
  for (const problem of read.problems) notify(describeProblem(problem));
  return read;
}

/** Shows log records on stderr. Without the SDK, nothing else is recorded. */
async function showLogs(
  { loadExporter }: Pick<ResolvedTelemetryOptions, 'loadExporter'>,
  elsewhere: string,
): Promise<Telemetry> {
  const lines = (await loadExporter('tree')).logs();
  const provider = lines && createMinimalLoggerProvider(lines);
  const isShown = provider !== null && logs.setGlobalLoggerProvider(provider) === provider;
  return {
    hasSdk: false,
    destinations: {
      traces: elsewhere,
      metrics: elsewhere,
      logs: isShown ? 'stderr' : elsewhere,
    },
    describe: () => [],
    forceFlush: async () => {},
    shutdown: async () => {},
  };
}
