import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { env } from 'node:process';
import { promisify } from 'node:util';
import { type RuntimeName, root } from '../support/app-command.ts';

const run = promisify(execFile);
const TIMEOUT_MS = 120_000;

/** An otherwise empty project outside of the repository. */
export interface Project {
  readonly folder: string;
  write(name: string, text: string): void;
  /** Runs a command. Rejects with its output if it fails. @returns stdout */
  execute(command: string, ...args: string[]): Promise<string>;
  /** Installs what package.json names, by the manager of a runtime. */
  install(runtime: RuntimeName): Promise<void>;
  /** Runs a program. Rejects with its output if it fails. @returns stdout */
  run(runtime: RuntimeName, file: string): Promise<string>;
  /** Checks files by `tsc --strict`. Rejects with the errors. */
  typeCheck(compiler: string, files: readonly string[], options?: object): Promise<void>;
}

/** Command lines that run a program in a project. */
export const RUN_COMMANDS: Readonly<Record<RuntimeName, readonly string[]>> = {
  node: ['node'],
  bun: ['bun', 'run'],
  deno: ['deno', 'run', '-A', '--node-modules-dir=manual'],
};

/** Returns an environment whose package managers use a registry, and caches in a folder only. */
export function managerEnvironment(registry: string, folder: string): Record<string, string> {
  const kept = Object.entries(env).filter(([name]) => !/^(npm_|NPM_|BUN_|DENO_|OTEL_)/.test(name));
  return {
    ...Object.fromEntries(kept.map(([name, value]) => [name, value ?? ''])),
    PATH: `${join(root, 'node_modules/.bin')}:${env.PATH}`,
    NPM_CONFIG_REGISTRY: registry,
    NPM_CONFIG_CACHE: join(folder, 'npm-cache'),
    BUN_INSTALL_CACHE_DIR: join(folder, 'bun-cache'),
    DENO_DIR: join(folder, 'deno-cache'),
    NO_COLOR: '1',
  };
}

export function createProject(
  folder: string,
  dependencies: Readonly<Record<string, string>>,
  environment: Record<string, string>,
): Project {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  write('package.json', JSON.stringify({ private: true, type: 'module', dependencies }));

  async function execute(command: string, ...args: string[]): Promise<string> {
    try {
      const options = { cwd: folder, env: environment, timeout: TIMEOUT_MS };
      return (await run(command, args, options)).stdout;
    } catch (error) {
      const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
      throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`, { cause: error });
    }
  }

  return {
    folder,
    write,
    execute,
    async install(runtime) {
      if (runtime === 'node') await execute('npm', 'install', '--no-audit', '--no-fund');
      else await execute(runtime, 'install');
    },
    run(runtime, file) {
      const [command = runtime, ...args] = RUN_COMMANDS[runtime];
      return execute(command, ...args, file);
    },
    async typeCheck(compiler, files, options = {}) {
      const compilerOptions = {
        strict: true,
        noEmit: true,
        noPropertyAccessFromIndexSignature: true,
        target: 'es2024',
        lib: ['es2024', 'dom', 'dom.iterable', 'dom.asynciterable'],
        module: 'nodenext',
        types: [],
        allowImportingTsExtensions: true,
        ...options,
      };
      write('tsconfig.json', JSON.stringify({ compilerOptions, files }));
      await execute('node', compiler, '-p', '.');
    },
  };
}
