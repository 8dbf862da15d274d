import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import { packages } from '../../release/packages.ts';
import { root } from './app-command.ts';

export interface RepositoryFile {
  /** From the repository's root, with slashes: `src/run.ts`. */
  readonly path: string;
  readonly text: string;
}

/** The TypeScript files below a folder of the repository, built ones left out. Throws when there are none. */
export function readFolder(folder: string): RepositoryFile[] {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => name.endsWith('.ts') && !/^dist[\\/]/.test(name));
  if (files.length === 0)
    throw new Error(`No TypeScript below ${folder}: a rule would pass unseen`);
  return files.sort().map((name) => {
    const path = `${folder}/${name.split(sep).join('/')}`;
    return { path, text: readFileSync(join(root, path), 'utf8') };
  });
}

/** Everything that runs in the program. */
export function readProgram(): RepositoryFile[] {
  const sources = packages.map((each) => posix.join(each.folder, each.sources));
  return ['src', 'runtimes', 'packages/opentelemetry-viewer/src', ...sources].flatMap(readFolder);
}

export function readRepositoryFile(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}
