import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readManifest } from '../../release/packages.ts';
import type { RuntimeName } from '../support/app-command.ts';
import { freePort } from '../support/free-port.ts';
import { readRepositoryFile } from '../support/repository-files.ts';
import { type Project, RUN_COMMANDS } from './project.ts';

const TIMEOUT_MS = 60_000;

/**
 * Returns the first `ts` block of a package's README: a whole program, that either ends by itself
 * or listens on port 3000.
 */
export function readExample(folder: string): string {
  const readme = readRepositoryFile(`${folder}/README.md`);
  const [, example] = /^```ts\n(.*?)^```$/ms.exec(readme) ?? [];
  if (example === undefined) throw new Error(`${folder}/README.md has no ts block to run.`);
  return example;
}

/** Returns what a user installs for an example: the package, its peers, and what is imported. */
export function exampleDependencies(
  example: string,
  folder: string,
  name: string,
): Record<string, string> {
  const app = JSON.parse(readRepositoryFile('package.json'));
  const { version, peerDependencies = {} } = readManifest(folder);
  const imported = [...example.matchAll(/from '([^'.][^']*)'/g)]
    .map(([, specifier = '']) => /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? '')
    .filter((each) => !each.startsWith('node:'));
  const names = new Set([...imported, ...Object.keys(peerDependencies), '@types/node']);
  const versions: Record<string, string> = { ...app.devDependencies, ...app.dependencies };
  return {
    ...Object.fromEntries([...names].map((each) => [each, versions[each] ?? 'latest'])),
    [name]: version,
  };
}

/** Runs an example until it ends with 0 or answers a request. Rejects with its output otherwise. */
export async function runExample(
  project: Project,
  runtime: RuntimeName,
  example: string,
  environment: Record<string, string>,
): Promise<void> {
  const port = await freePort();
  project.write('example.ts', example.replaceAll('3000', String(port)));
  const [command = runtime, ...args] = RUN_COMMANDS[runtime];
  const child = spawn(command, [...args, 'example.ts'], {
    cwd: project.folder,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => {
      output += text;
    });
  }
  const closed = once(child, 'close');
  const deadline = Date.now() + TIMEOUT_MS;
  try {
    while (child.exitCode === null && Date.now() < deadline) {
      if (await isAnswered(`http://127.0.0.1:${port}/`)) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    if (child.exitCode !== 0) {
      throw new Error(`the example on ${runtime} ended with ${child.exitCode}:\n${output}`);
    }
  } finally {
    child.kill('SIGKILL');
    await closed;
  }
}

async function isAnswered(url: string): Promise<boolean> {
  try {
    const { status } = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    return status < 500;
  } catch {
    return false;
  }
}
