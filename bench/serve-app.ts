import process from 'node:process';
import {
  parseFlags,
  readSettings,
  telemetryVariables,
} from '../packages/opentelemetry-instrument/src/settings/index.ts';
import { loadRuntime } from '../runtimes/index.ts';
import { type AppOptions, createApp } from '../src/app.ts';
import type { DatabaseOptions } from '../src/database/database.ts';
import { openDatabase } from '../src/database/open.ts';
import { listen } from '../src/listen.ts';
import { appVariables } from '../src/settings/index.ts';

/**
 * Serves the app with the telemetry of another library: same handlers, same store, same server.
 *
 * No SDK and no exporter is imported; what src/http says to the OpenTelemetry API
 * goes to what is registered with it.
 * @param trace the middleware; default: none
 * @param wrapClient returns the client that the store gets to see; default: the same
 */
export async function serveApp(
  trace?: AppOptions['trace'],
  wrapClient?: DatabaseOptions['wrapClient'],
): Promise<void> {
  const { variables } = parseFlags(process.argv.slice(2), {
    ...appVariables,
    ...telemetryVariables,
  });
  const { settings } = readSettings({ flag: variables, variable: process.env }, appVariables);
  const runtime = await loadRuntime();
  const { store } = await openDatabase(settings.DATABASE_URL, {
    ...(wrapClient && { wrapClient }),
    pool: {
      timeoutMs: settings.DATABASE_POOL_TIMEOUT,
      statementTimeoutMs: settings.DATABASE_STATEMENT_TIMEOUT,
    },
    variables: process.env,
  });
  const app = createApp({ store, trace, limitHeaderSize: !runtime.limitsHeaderSize });
  const { PORT: port, HOST: hostname } = settings;
  const { url } = await listen(runtime, app.fetch, { port, hostname });
  process.stderr.write(`Listening on ${url}\n`);
}
