import type { PackageManifest } from './packages.ts';

/** Returns the `jsr.json` of a package, whose sources JSR publishes as they are. */
export function jsrManifest(manifest: PackageManifest, name: string): object {
  const { version, license, exports, dependencies, peerDependencies } = manifest;
  return {
    name,
    version,
    license,
    exports: Object.fromEntries(
      Object.entries(exports)
        .filter(([, source]) => source.endsWith('.ts'))
        .map(([path, source]) => [path, source.replace(/^\.\/(?:src\/)?/, './src/')]),
    ),
    imports: Object.fromEntries(
      Object.entries({ ...dependencies, ...peerDependencies }).flatMap(([dependency, range]) => {
        const specifier = `${dependency}@${caretRange(range)}`;
        return [
          [dependency, `npm:${specifier}`],
          [`${dependency}/`, `npm:/${specifier}/`],
        ];
      }),
    ),
  };
}

/** Returns `^1.9.0` for `>=1.9.0 <2`: JSR accepts no range of two parts. */
function caretRange(range: string): string {
  const [version = range] = /\d+\.\d+\.\d+/.exec(range) ?? [];
  return `^${version}`;
}
