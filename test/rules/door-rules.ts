import { posix } from 'node:path';
import type { RepositoryFile } from '../support/repository-files.ts';
import { readSource } from './read-source.ts';

/**
 * Finds imports in the app from outside a folder that bypass its `index.ts`. The doors of a package
 * are its `exports`.
 */
export function doorBreaches(files: readonly RepositoryFile[]): string[] {
  const folders = files
    .filter(({ path }) => /^src\/.+\/index\.ts$/.test(path))
    .map(({ path }) => posix.dirname(path));

  return files.flatMap(({ path, text }) =>
    readSource(path, text).imports.flatMap(({ specifier }) => {
      if (!specifier?.startsWith('.')) return [];
      const target = posix.join(posix.dirname(path), specifier);
      const bypassed = folders.find(
        (folder) =>
          target.startsWith(`${folder}/`) &&
          !path.startsWith(`${folder}/`) &&
          target !== `${folder}/index.ts`,
      );
      return bypassed ? [`${path} imports ${target} instead of ${bypassed}/index.ts`] : [];
    }),
  );
}
