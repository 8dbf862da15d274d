import type { PackageManifest } from './packages.ts';

const REPOSITORY = 'https://github.com/hono-opentelemetry/hono-opentelemetry';

/** Fields that every published manifest has. */
const shared = {
  author: 'The Hono OpenTelemetry authors',
  homepage: `${REPOSITORY}#readme`,
  bugs: `${REPOSITORY}/issues`,
  files: ['dist', 'src', 'CHANGELOG.md'],
  publishConfig: { access: 'public', provenance: true },
};

/** Returns the path of what tsc writes for a source: `./src/a.ts` becomes `./dist/a.js`. */
export function publishedPath(source: string, extension: 'js' | 'd.ts'): string {
  return source.replace(/^\.\/(?:src\/)?/, './dist/').replace(/\.ts$/, `.${extension}`);
}

/** Returns the manifest of a published package, whose paths lead to modules instead of sources. */
export function publishedManifest(manifest: PackageManifest, folder: string): object {
  const { exports, bin, sideEffects } = manifest;
  return {
    ...manifest,
    ...shared,
    repository: { type: 'git', url: `git+${REPOSITORY}.git`, directory: folder },
    exports: Object.fromEntries(
      Object.entries(exports).map(([path, source]) => [path, publishedExport(source)]),
    ),
    ...(Array.isArray(sideEffects) && {
      sideEffects: sideEffects.map((source) => publishedPath(source, 'js')),
    }),
    ...(bin && {
      bin: Object.fromEntries(
        Object.entries(bin).map(([name, source]) => [name, publishedPath(source, 'js').slice(2)]),
      ),
    }),
  };
}

function publishedExport(source: string): string | Record<string, string> {
  if (!source.endsWith('.ts')) return source;
  return { types: publishedPath(source, 'd.ts'), default: publishedPath(source, 'js') };
}
