import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const PACKAGE = '@opentelemetry/api';

/** Returns the version of the API that a module imports; undefined if it imports none. */
export function findApiVersion(importer: string): string | undefined {
  let path: string;
  try {
    path = createRequire(importer).resolve(PACKAGE);
  } catch {
    return undefined;
  }
  // The folders of its modules differ between versions.
  for (let folder = dirname(path); folder !== path; folder = dirname(path)) {
    const { name, version } = readManifest(folder);
    if (name === PACKAGE) return version;
    path = folder;
  }
  return undefined;
}

function readManifest(folder: string): { readonly name?: string; readonly version?: string } {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  } catch {
    return {};
  }
}
