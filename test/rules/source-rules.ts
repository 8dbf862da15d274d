import type { RepositoryFile } from '../support/repository-files.ts';
import { ports } from './import-rules.ts';
import { readSource } from './read-source.ts';

/** Finds `Bun`, `Deno` and `bun:` outside of the adapters; other code uses the `Runtime`. */
export function runtimeBreaches({ path, text }: RepositoryFile): string[] {
  if (path.startsWith('runtimes/')) return [];
  const { identifiers, imports } = readSource(path, text);
  const names = ['Bun', 'Deno'].filter((name) => identifiers.has(name));
  const modules = imports.flatMap(({ specifier }) =>
    specifier?.startsWith('bun:') ? [specifier] : [],
  );
  return [...names, ...modules].map((name) => `${path} uses ${name}, which only runtimes/ may`);
}

/** The files that pass the environment to the settings reader or to a command, and the tree's terminal. */
const environmentUsers = [
  'src/run.ts',
  'packages/opentelemetry-instrument/src/bin.ts',
  'packages/opentelemetry-instrument/src/register.ts',
  'packages/opentelemetry-instrument/src/start-telemetry.ts',
  'packages/opentelemetry-viewer/src/bin.ts',
  'exporters/tree.ts',
];

export function environmentBreaches({ path, text }: RepositoryFile): string[] {
  if (environmentUsers.includes(path)) return [];
  return readSource(path, text).usesEnvironment
    ? [`${path} uses process.env, which only the settings reader may`]
    : [];
}

/** Finds files of `exporters/` or `runtimes/` that the registry, index.ts, does not load. */
export function registryBreaches(files: readonly RepositoryFile[]): string[] {
  const isMember = (path: string) => /^\w+\/(?!index\.)[^/]+\.ts$/.test(path);
  return files
    .filter(({ path }) => isMember(path) && !ports.has(path))
    .flatMap(({ path }) => {
      const registry = files.find((file) => file.path === path.replace(/[^/]+$/, 'index.ts'));
      const loaded = registry ? readSource(registry.path, registry.text).imports : [];
      const isLoaded = loaded.some(
        ({ specifier, isType }) => !isType && specifier === path.replace(/^\w+/, '.'),
      );
      return isLoaded ? [] : [`${path} is missing from the registry beside it, index.ts`];
    });
}
