import type { RepositoryFile } from '../support/repository-files.ts';
import { importedFiles } from './read-source.ts';

/**
 * Finds circles of imports between files, type imports included. Imports across packages cannot
 * form one: the packages themselves are ordered.
 * @returns one line for each circle, such as `a.ts -> b.ts -> a.ts`
 */
export function importCircles(files: readonly RepositoryFile[]): string[] {
  const imports = new Map(files.map((file) => [file.path, importedFiles(file)]));
  const done = new Set<string>();
  const circles: string[] = [];

  function visit(path: string, trail: readonly string[]): void {
    const start = trail.indexOf(path);
    if (start !== -1) {
      circles.push([...trail.slice(start), path].join(' -> '));
      return;
    }
    if (done.has(path)) return;
    for (const next of imports.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  }
  for (const { path } of files) visit(path, []);
  return circles;
}
