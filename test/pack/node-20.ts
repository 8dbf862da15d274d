import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { arch, env, platform } from 'node:process';
import { createProject } from './project.ts';

/** Returns the path of a Node 20: that of the system, or one that is installed into a folder. */
export async function findNode20(
  folder: string,
  environment: Record<string, string>,
): Promise<string> {
  const installed = (env.PATH ?? '')
    .split(delimiter)
    .map((directory) => join(directory, 'node'))
    .find((path) => existsSync(path) && versionOf(path).startsWith('v20.'));
  if (installed !== undefined) return installed;
  const name = `node-${platform}-${arch}`;
  const project = createProject(folder, { [name]: '20.20.2' }, environment);
  await project.install('node');
  return join(folder, 'node_modules', name, 'bin/node');
}

function versionOf(path: string): string {
  try {
    return execFileSync(path, ['--version'], { encoding: 'utf8', timeout: 10_000 });
  } catch {
    return '';
  }
}
