import type { RepositoryFile } from '../support/repository-files.ts';
import { importedFiles } from './read-source.ts';

/** Folders that still have files which others import around the door. */
export const bypassedFolders: readonly string[] = [
  'packages/hono-opentelemetry/src/http',
  'packages/opentelemetry-instrument/src/intake',
  'packages/opentelemetry-instrument/src/sdk/runtime-metrics',
  // D1 shares store and migrations. The door loads modules that Workers do not have.
  'src/database/sqlite',
];

/** Folders with a door of their own: the one above loads modules that Workers do not have. */
export const foldersWithOwnDoor: readonly string[] = ['src/database/d1'];

/** Folders that still have no door. */
export const foldersWithoutDoor: readonly string[] = [
  'packages/hono-opentelemetry/src/semconv',
  // A door would load the SDK with it, which start-telemetry.ts avoids.
  'packages/opentelemetry-instrument/src/sdk',
  'packages/opentelemetry-instrument/src/settings/sections',
  'src/http',
];

/**
 * Finds imports from outside a folder that bypass its door: its `index.ts`. The door of an exporter's or
 * a runtime's folder is the file beside it: `exporters/tree.ts` for `exporters/tree/`.
 *
 * The doors of a package are its `exports`.
 */
export function doorBreaches(files: readonly RepositoryFile[]): string[] {
  const doors = new Map(
    [...foldersOf(files)].flatMap((folder) => {
      const door = findDoor(folder, files);
      if (door === undefined || bypassedFolders.includes(folder)) return [];
      return [[folder, door] as const];
    }),
  );

  return files.flatMap((file) =>
    importedFiles(file).flatMap((target) => {
      const bypassed = [...doors].find(
        ([folder, door]) =>
          target.startsWith(`${folder}/`) &&
          !foldersWithOwnDoor.some((own) => target === `${own}/index.ts`) &&
          !file.path.startsWith(`${folder}/`) &&
          target !== door &&
          file.path !== door,
      );
      return bypassed ? [`${file.path} imports ${target} instead of ${bypassed[1]}`] : [];
    }),
  );
}

/** Finds folders that files outside of them import, and that have no door. */
export function openFolders(files: readonly RepositoryFile[]): string[] {
  const entered = new Set(
    files.flatMap((file) =>
      importedFiles(file).flatMap((target) =>
        ancestorsOf(target).filter((folder) => !file.path.startsWith(`${folder}/`)),
      ),
    ),
  );
  const folders = foldersOf(files);
  return [...entered]
    .filter((folder) => folders.has(folder) && !foldersWithoutDoor.includes(folder))
    .filter((folder) => findDoor(folder, files) === undefined)
    .map((folder) => `${folder} has no index.ts`);
}

function foldersOf(files: readonly RepositoryFile[]): ReadonlySet<string> {
  return new Set(files.flatMap(({ path }) => ancestorsOf(path)).filter(isConcept));
}

/** Returns true for a folder that needs a door. The roots of the app and of the packages do not. */
function isConcept(folder: string): boolean {
  return /^(?:src|exporters|runtimes|packages\/[^/]+\/src)\/./.test(folder);
}

function findDoor(folder: string, files: readonly RepositoryFile[]): string | undefined {
  const beside = /^(?:exporters|runtimes)\/[^/]+$/.test(folder) ? [`${folder}.ts`] : [];
  return [`${folder}/index.ts`, ...beside].find((door) => files.some(({ path }) => path === door));
}

function ancestorsOf(path: string): string[] {
  const names = path.split('/');
  return names.slice(1).map((_, index) => names.slice(0, index + 1).join('/'));
}
