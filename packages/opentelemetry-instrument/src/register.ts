// Preload module: `node --import opentelemetry-instrument/register`, `bun --preload
// opentelemetry-instrument/register`, `deno run --preload npm:opentelemetry-instrument/register`.
import { basename } from 'node:path';
import process from 'node:process';
import { isMainThread } from 'node:worker_threads';
import { detectRuntime } from './sdk/runtime.ts';
import { shutDownOnCrash } from './shut-down-on-signals.ts';
import { startTelemetry } from './start-telemetry.ts';
import { stepBackForOtherSdk } from './step-back.ts';
import { endWithWrapper } from './wrapper-environment.ts';

/** Set in a process that has preloaded this module, perhaps from another copy of the package. */
const PRELOADED = Symbol.for('opentelemetry-instrument.preloaded');

/** NODE_OPTIONS also reach package managers, which only start the program. */
const PACKAGE_MANAGER = /^(?:npm|npx|pnpm|pnpx|yarn|yarnpkg|corepack)(?:-cli)?(?:\.c?js)?$/;

function notify(message: string): void {
  process.stderr.write(`opentelemetry-instrument: ${message}\n`);
}

async function preload(): Promise<void> {
  // NODE_OPTIONS also reach worker threads: a second SDK there would count the process twice.
  if (!isMainThread || Reflect.has(globalThis, PRELOADED)) return;
  Reflect.set(globalThis, PRELOADED, true);
  endWithWrapper(process.env);
  if (PACKAGE_MANAGER.test(basename(process.argv[1] ?? ''))) return;
  const runtime = detectRuntime();
  if (runtime.hasOwnTelemetry) notify('Deno exports its own telemetry (OTEL_DENO); ours is off');
  const telemetry = await startTelemetry({ isPreloaded: true, runtime });
  if (!telemetry.hasSdk) return;
  stepBackForOtherSdk(() => {
    notify('the program registers its own OpenTelemetry SDK; ours is off');
    void telemetry.shutdown();
  });
  shutDownOnCrash(telemetry);
}

try {
  await preload();
} catch (error) {
  notify(`telemetry cannot start, so the program runs without it: ${error}`);
}
