import { parseSync, Visitor } from 'rolldown/utils';
import type { RepositoryFile } from '../support/repository-files.ts';

/** Names that several files export on purpose. */
const SHARED_NAMES = new Set([
  // The factories of the registries.
  'createRuntime',
  // Workers have an entry point of their own, with the same names.
  'readSettings',
  'startTelemetry',
  // Each package has its version.
  'VERSION',
  // Shapes that the kit declares structurally, because it imports neither app nor runtimes.
  'Peer',
  'SqlClient',
  // The script of the pages has its own for browsers, which cannot import the kit.
  'traceFetch',
]);

/** Finds exported names that are defined in several files. Re-exports do not count. */
export function duplicateExports(files: readonly RepositoryFile[]): string[] {
  const filesByName = new Map<string, Set<string>>();
  for (const { path, text } of files) {
    for (const name of exportedNames(path, text)) {
      filesByName.set(name, (filesByName.get(name) ?? new Set()).add(path));
    }
  }
  return [...filesByName]
    .filter(([name, paths]) => paths.size > 1 && !SHARED_NAMES.has(name))
    .map(([name, paths]) => `${name} is exported by ${[...paths].join(' and ')}`);
}

function exportedNames(path: string, text: string): string[] {
  const names: string[] = [];
  new Visitor({
    ExportNamedDeclaration({ declaration }) {
      if (!declaration) return;
      if (declaration.type === 'VariableDeclaration') {
        for (const { id } of declaration.declarations) {
          if (id.type === 'Identifier') names.push(id.name);
        }
      } else if ('id' in declaration && declaration.id?.type === 'Identifier') {
        names.push(declaration.id.name);
      }
    },
  }).visit(parseSync(path, text).program);
  return names;
}
