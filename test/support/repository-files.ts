import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { root } from './app-command.ts';

export interface RepositoryFile {
  /** From the repository's root, with slashes: `src/run.ts`. */
  readonly path: string;
  readonly text: string;
}

/** The TypeScript files below a folder of the repository, built ones left out. Throws when there are none. */
export function readFolder(folder: string): RepositoryFile[] {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => name.endsWith('.ts') && !name.startsWith('dist'));
  if (files.length === 0)
    throw new Error(`No TypeScript below ${folder}: a rule would pass unseen`);
  return files.sort().map((name) => {
    const path = `${folder}/${name.split(sep).join('/')}`;
    return { path, text: readFileSync(join(root, path), 'utf8') };
  });
}

/** Everything that runs in the program. */
export function readProgram(): RepositoryFile[] {
  const packages = ['hono-opentelemetry', 'opentelemetry-instrument'];
  const folders = packages.map((name) => `packages/${name}/src`);
  return ['src', 'exporters', 'runtimes', ...folders].flatMap(readFolder);
}

export function readRepositoryFile(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}
