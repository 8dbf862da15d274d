import { dirname, join } from 'node:path';
import { env, execPath, versions } from 'node:process';
import { fileURLToPath } from 'node:url';

/** The repository's folder. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

/** The runtimes that programs of the tests and benchmarks run on. */
export const RUNTIME_NAMES = ['node', 'bun', 'deno'] as const;
export type RuntimeName = (typeof RUNTIME_NAMES)[number];

/** The runtime that the tests run on. */
export const currentRuntime: RuntimeName = versions.bun ? 'bun' : versions.deno ? 'deno' : 'node';

export interface SpawnOptions {
  /** Default: the runtime that the tests run on. */
  readonly runtime?: RuntimeName;
  /**
   * `source` is src/index.ts, `bundle` is dist/node.js (build it first), `task` is
   * `deno task start`; any other file by its path. Default `source`.
   */
  readonly entry?: 'source' | 'bundle' | 'task' | (string & {});
  /** Flags of the program. `--port 0` is added unless a port is among them. */
  readonly args?: readonly string[];
  /** Added to an environment without any `OTEL_*`, with the database in memory and without a viewer. */
  readonly env?: Readonly<Record<string, string>>;
  /** The working directory. Default: the repository. */
  readonly cwd?: string;
  /** A shell command that stdout goes to through a pipe, as with `|`: `tee output.log`. */
  readonly pipe?: string;
  /** A shell command that starts the program. Of the options above only `env` and `cwd` still apply. */
  readonly command?: string;
  /** Milliseconds for the program to listen, or to end by itself. Default 20,000. */
  readonly timeoutMillis?: number;
}

/** Returns the command line that starts the program. */
export function appCommand(options: SpawnOptions): {
  binary: string;
  args: string[];
  env: Record<string, string>;
} {
  const { runtime = currentRuntime, args = [] } = options;
  const binary = runtime === currentRuntime ? execPath : join(root, 'node_modules/.bin', runtime);
  const hasPort = args.some((arg) => /^(-p|--port)/.test(arg));
  const program = [
    binary,
    ...entryArguments(options, runtime),
    ...(hasPort ? [] : ['--port', '0']),
    ...args,
  ];
  // `|` would leave the shell between us and the program; so the program takes the shell's place.
  const shell = ['bash', '-c', `exec "$@" > >(${options.pipe})`, 'bash'];
  const piped = options.pipe === undefined ? program : [...shell, ...program];
  const [first = '', ...rest] =
    options.command === undefined ? piped : ['bash', '-c', options.command];
  return {
    binary: first,
    args: rest,
    env: {
      ...inheritedEnvironment(dirname(binary)),
      DATABASE_URL: ':memory:',
      VIEWER: 'none',
      ...options.env,
    },
  };
}

function entryArguments({ entry = 'source' }: SpawnOptions, runtime: RuntimeName): string[] {
  if (entry === 'task') return ['task', 'start'];
  const file = { source: 'src/index.ts', bundle: 'dist/node.js' }[entry as string] ?? entry;
  return runtime === 'deno' ? ['run', '-A', file] : [file];
}

/**
 * Returns the variables that every program needs, without our `PORT`, `NODE_OPTIONS` and `OTEL_*`. The
 * switch of the fast path is kept, because a test run covers one of its values.
 */
function inheritedEnvironment(binaryFolder: string): Record<string, string> {
  const inherited: Record<string, string> = {};
  const names = ['HOME', 'TMPDIR', 'DENO_DIR', 'XDG_CACHE_HOME', 'OTEL_JS_FAST_PATH_ENABLED'];
  for (const name of names) {
    const value = env[name];
    if (value !== undefined) inherited[name] = value;
  }
  return { ...inherited, PATH: `${binaryFolder}:${env.PATH ?? ''}` };
}
