#!/usr/bin/env node
import process from 'node:process';
import { loadExporter } from 'opentelemetry-instrument-exporters';
import { instrumentHelp, prepareCommand, replaceProcess } from './cli/index.ts';
import { errorCode } from './error-code.ts';
import { findApiVersion } from './find-api-version.ts';
import { detectRuntime } from './sdk/runtime.ts';
import {
  applyConfigFile,
  applyToEnv,
  describeProblem,
  type Environment,
  effectiveSettings,
  exporterOptions,
  type ProgramSettings,
  parseWrapperFlags,
  readSettings,
  telemetryVariables,
  UsageError,
} from './settings/index.ts';
import { VERSION } from './version.ts';
import { rememberFlags } from './wrapper-environment.ts';

const USAGE_ERROR = 2;
/** Exit codes of a shell for a command that cannot be run or found. */
const NOT_EXECUTABLE = 126;
const NOT_FOUND = 127;

function notify(message: string): void {
  process.stderr.write(`opentelemetry-instrument: ${message}\n`);
}

async function runDoctor(read: ProgramSettings, json: boolean): Promise<void> {
  const { settings, exporters, otlp, problems } = read;
  const { createResource, diagnose } = await import('./doctor/index.ts');
  const runtime = detectRuntime();
  const exitCode = await diagnose({
    version: VERSION,
    apiVersion: findApiVersion(import.meta.url) ?? 'unknown',
    runtime,
    settings: effectiveSettings(read),
    problems: problems.map(describeProblem),
    refusals: problems.filter(({ isFatal }) => isFatal),
    signals: exporters,
    otlp,
    resource: createResource({ resource: {}, runtime }, settings),
    loadExporter: (name, otlp) => loadExporter(name, exporterOptions({ ...read, otlp })),
    write: (text) => void process.stdout.write(text),
    colors: process.stdout.isTTY && process.stdout.hasColors(),
    json,
  });
  // Do not wait for hanging sockets.
  process.stdout.write('', () => process.exit(exitCode));
}

/** Runs the program. Telemetry reports problems there; fatal ones end the command here. */
function runProgram(
  program: readonly string[],
  read: ProgramSettings,
  flags: Environment,
  verbose: boolean,
): void {
  const fatal = read.problems.filter(({ isFatal }) => isFatal);
  if (fatal.length > 0) throw new UsageError(fatal.map(describeProblem).join('\n'));

  const [name = ''] = program;
  const register = import.meta.resolve('opentelemetry-instrument/register');
  const command = prepareCommand(program, { ...process.env, ...rememberFlags(flags) }, register);
  if (command.file === undefined) {
    notify(`${name}: no such program; check its name and PATH`);
    process.exitCode = NOT_FOUND;
    return;
  }
  if (command.preload === undefined) {
    notify(`telemetry cannot be preloaded into ${name}, only into Node and Bun that it starts`);
    for (const problem of read.problems) notify(describeProblem(problem));
  } else if (verbose) {
    notify(`preloading ${register} by ${command.preload}`);
  }
  if (command.advice !== undefined) notify(command.advice);
  if (verbose) notify(`running ${[command.file, ...command.args].join(' ')}`);
  replaceProcess(command, (error) => {
    notify(`${name}: cannot be run (${errorCode(error)}); check its first line`);
    process.exitCode = NOT_EXECUTABLE;
  });
}

async function main(): Promise<void> {
  const { command, help, variables, json, program, verbose } = parseWrapperFlags(
    process.argv.slice(2),
    telemetryVariables,
  );
  if (help) return void process.stdout.write(instrumentHelp());
  if (command === 'version') return void process.stdout.write(`${VERSION}\n`);
  const sources = { flag: variables, variable: { ...process.env } };
  const read = readSettings(await applyConfigFile(sources));
  applyToEnv(process.env, sources);
  if (command === 'doctor') return runDoctor(read, json);
  if (program.length === 0) {
    const problem = 'the program is missing';
    const fix = 'use opentelemetry-instrument [flags] node server.js, or see --help';
    throw new UsageError(`${problem}; ${fix}`);
  }
  runProgram(program, read, variables, verbose);
}

try {
  await main();
} catch (error) {
  notify(error instanceof UsageError ? error.message : String(Object(error).stack ?? error));
  process.exitCode = error instanceof UsageError ? USAGE_ERROR : 1;
}
