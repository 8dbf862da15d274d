import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import { packages } from '../../release/packages.ts';
import { root } from './app-command.ts';

const GENERATED_FOLDER = /(?:^|[\\/])(?:dist|node_modules)[\\/]/;

export interface RepositoryFile {
  /** Path from the repository's root, with slashes: `src/run.ts`. */
  readonly path: string;
  readonly text: string;
}

/** Reads the TypeScript files below a folder, except built and installed ones. Throws if there are none. */
export function readFolder(folder: string): RepositoryFile[] {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => name.endsWith('.ts') && !GENERATED_FOLDER.test(name));
  if (files.length === 0)
    throw new Error(`No TypeScript below ${folder}: a rule would pass unseen`);
  return files.sort().map((name) => {
    const path = `${folder}/${name.split(sep).join('/')}`;
    return { path, text: readFileSync(join(root, path), 'utf8') };
  });
}

/** Reads all files of the program. */
export function readProgram(): RepositoryFile[] {
  const sources = packages.map((each) => posix.join(each.folder, each.sources));
  return ['src', 'runtimes', ...sources].flatMap(readFolder);
}

export function readRepositoryFile(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}
