// The same app without telemetry, to compare with: same handlers, same store, same server. Neither
// src/tracing nor src/telemetry nor an exporter is imported; what src/http says to the OpenTelemetry
// API goes nowhere, as nothing is registered with it.
import process from 'node:process';
import { loadRuntime } from '../runtimes/index.ts';
import { createApp } from '../src/app.ts';
import { openDatabase } from '../src/database/open.ts';
import { listen } from '../src/listen.ts';
import { parseFlags, readSettings } from '../src/settings.ts';

Object.assign(process.env, parseFlags(process.argv.slice(2)));
const settings = readSettings(process.env);
const runtime = await loadRuntime();
const { store } = await openDatabase(settings.databaseUrl);
const app = createApp({ store, limitsHeaders: runtime.takesAnyHeaders });
const { url } = await listen(runtime, app.fetch, settings);
process.stderr.write(`Listening on ${url}\n`);
