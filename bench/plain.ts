// The same app without telemetry, to compare with: same handlers, same store, same server. Neither
// src/tracing nor src/telemetry nor an exporter is imported; what src/http says to the OpenTelemetry
// API goes nowhere, as nothing is registered with it.
import process from 'node:process';
import { loadRuntime } from '../runtimes/index.ts';
import { createApp } from '../src/app.ts';
import { openDatabase } from '../src/database/open.ts';
import { listen } from '../src/listen.ts';
import { parseFlags } from '../src/settings/parse-flags.ts';
import { readSettings } from '../src/settings/read-settings.ts';

const { variables } = parseFlags(process.argv.slice(2));
const { settings } = readSettings({ flag: variables, variable: process.env });
const runtime = await loadRuntime();
const { store } = await openDatabase(settings.DATABASE_URL);
const app = createApp({ store, limitsHeaders: runtime.takesAnyHeaders });
const { url } = await listen(runtime, app.fetch, {
  port: settings.PORT,
  hostname: settings.HOST,
});
process.stderr.write(`Listening on ${url}\n`);
