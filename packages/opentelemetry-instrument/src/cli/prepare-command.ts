import { accessSync, closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A program to run, with telemetry preloaded if that is possible. */
export interface PreparedCommand {
  /** Path of the program; undefined if there is no such program. */
  readonly file: string | undefined;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Means of the preload, human-readable: `--preload`; undefined if it may not reach the program. */
  readonly preload: string | undefined;
  /** Sentence for programs that the preload does not reach: what to do there. */
  readonly advice?: string;
}

/** Node and Bun, and programs that start them. A file with such a name may be a script of a version manager. */
const LAUNCHERS = new Set([
  'node',
  'bun',
  'bunx',
  'npm',
  'npx',
  'pnpm',
  'pnpx',
  'yarn',
  'yarnpkg',
  'corepack',
]);

/** Subcommands of Deno that accept `--preload`. */
const DENO_RUNS = new Set(['run', 'serve', 'test', 'bench']);
const DENO_FILE = /^-|[./]/;
const TASK_ADVICE =
  'deno task passes no options to the deno that it starts; write deno run --preload=npm:opentelemetry-instrument/register in the task';

type UnpreparedCommand = Omit<PreparedCommand, 'preload' | 'advice'>;

/**
 * Finds a program and the way to preload the `register` module into it.
 * @param register URL of the module
 */
export function prepareCommand(
  [name = '', ...args]: readonly string[],
  env: NodeJS.ProcessEnv,
  register: string,
): PreparedCommand {
  const file = findProgram(name, env.PATH);
  const program = { file, args, env };
  if (file === undefined) return { ...program, preload: undefined };
  const runtime = programName(name);
  if (runtime === 'deno') return prepareDeno(program, register);
  const [interpreter, ...options] = LAUNCHERS.has(runtime) ? [] : readShebang(file);
  const runner = programName(interpreter ?? runtime);
  if (runner === 'deno') {
    const script = { file: findProgram('deno', env.PATH), args: [...options, file, ...args], env };
    return prepareDeno(script, register);
  }
  const launched = prepareLauncher(program, register);
  // A shell script may also start Node or Bun.
  return LAUNCHERS.has(runner) ? launched : { ...launched, preload: undefined };
}

/** Sets the variables of Node and Bun: a script may start either, and each ignores those of the other. */
function prepareLauncher(program: UnpreparedCommand, register: string): PreparedCommand {
  const { env } = program;
  const option = `--preload=${fileURLToPath(register)}`;
  const options = {
    NODE_OPTIONS: appendOption(env.NODE_OPTIONS, `--import=${register}`),
    // Bun takes a path, and spaces only if the whole option is quoted.
    BUN_OPTIONS: appendOption(
      env.BUN_OPTIONS,
      option.includes(' ') ? `"${option.replaceAll('"', '\\"')}"` : option,
    ),
  };
  return { ...program, env: { ...env, ...options }, preload: 'NODE_OPTIONS and BUN_OPTIONS' };
}

/** Inserts `--preload`, because no variable has options for Deno. */
function prepareDeno(program: UnpreparedCommand, register: string): PreparedCommand {
  const [first = ''] = program.args;
  if (first === 'task') return { ...prepareLauncher(program, register), advice: TASK_ADVICE };
  const at = DENO_RUNS.has(first) ? 1 : 0;
  // Other subcommands run no program.
  if (at === 0 && !DENO_FILE.test(first)) return { ...program, preload: undefined };
  const args = program.args.toSpliced(at, 0, `--preload=${register}`);
  return { ...program, args, preload: '--preload' };
}

function appendOption(options = '', option: string): string {
  if (options.includes(option)) return options;
  return `${options} ${option}`.trim();
}

function programName(path: string): string {
  return basename(path).replace(/\.(?:exe|cmd)$/i, '');
}

/** Finds a program as a shell does: by its path, or in the folders of `PATH`. */
function findProgram(name: string, path = ''): string | undefined {
  const paths = name.includes('/') ? [name] : path.split(delimiter).map((dir) => join(dir, name));
  return name === '' ? undefined : paths.find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Returns interpreter and options of a script: `#!/usr/bin/env -S deno run -A`; empty if it is none. */
function readShebang(path: string): string[] {
  const bytes = Buffer.alloc(256);
  try {
    const file = openSync(path, 'r');
    try {
      readSync(file, bytes);
    } finally {
      closeSync(file);
    }
  } catch {
    // A program may be executable and unreadable.
    return [];
  }
  const [, line = ''] = /^#!([^\n]*)\n/.exec(bytes.toString('latin1')) ?? [];
  const words = line
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (basename(words[0] ?? '') !== 'env') return words;
  return words.slice(words[1] === '-S' ? 2 : 1);
}
