import { execFileSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execPath } from 'node:process';
import {
  type Package,
  type PackageManifest,
  packages,
  readManifest,
  repositoryRoot,
} from './packages.ts';
import { publishedManifest, publishedPath } from './published-manifest.ts';

/** Returns the sources of a package, relative to their folder. */
export function sourceFiles({ folder, sources, browserSources }: Package): string[] {
  return globSync('**/*.ts', {
    cwd: join(repositoryRoot, folder, sources),
    exclude: ['dist/**', 'node_modules/**', ...(browserSources ? [`${browserSources}/**`] : [])],
  }).sort();
}

/** Returns the folder of what is published of a package, within the repository. */
export function distFolder({ folder }: Package): string {
  return join(repositoryRoot, folder, 'dist');
}

/**
 * Writes sources, modules, types, maps, bundles and a manifest of every package.
 * @param targetOf a package's folder within the repository, where tsc finds the dependencies
 */
export function buildPackages(targetOf: (each: Package) => string): void {
  const built: { readonly manifest: PackageManifest; readonly target: string }[] = [];
  for (const each of packages) {
    const manifest = readManifest(each.folder);
    const target = targetOf(each);
    rmSync(target, { recursive: true, force: true });
    mkdirSync(target, { recursive: true });
    for (const file of sourceFiles(each)) {
      cpSync(join(repositoryRoot, each.folder, each.sources, file), join(target, 'src', file));
    }
    cpSync(join(repositoryRoot, 'LICENSE'), join(target, 'LICENSE'));
    for (const page of ['README.md', 'CHANGELOG.md']) {
      cpSync(join(repositoryRoot, each.folder, page), join(target, page));
    }
    writeJson(join(target, 'package.json'), publishedManifest(manifest, each.folder));
    compile(each, target, Object.fromEntries(built.flatMap(declarationsOf)));
    for (const name of each.bundles ?? []) {
      const source = join(repositoryRoot, each.folder, each.sources, `${name}.ts`);
      const args = [join(import.meta.dirname, 'bundle-entry.ts'), source];
      execFileSync(execPath, [...args, join(target, 'dist', `${name}.js`)]);
    }
    built.push({ manifest, target });
  }
}

/** Returns where the types of a built package are. tsc would compile its sources otherwise. */
function declarationsOf({
  manifest,
  target,
}: {
  manifest: PackageManifest;
  target: string;
}): [string, string[]][] {
  return Object.entries(manifest.exports)
    .filter(([, source]) => source.endsWith('.ts'))
    .map(([path, source]) => [
      path.replace(/^\./, manifest.name),
      [join(target, publishedPath(source, 'd.ts'))],
    ]);
}

function compile({ jsrName }: Package, target: string, paths: Record<string, string[]>): void {
  const config = join(target, 'tsconfig.json');
  writeJson(config, {
    extends: join(repositoryRoot, 'tsconfig.json'),
    compilerOptions: {
      noEmit: false,
      rootDir: 'src',
      outDir: 'dist',
      paths,
      declaration: true,
      declarationMap: true,
      sourceMap: true,
      isolatedDeclarations: jsrName !== undefined,
      allowImportingTsExtensions: false,
      rewriteRelativeImportExtensions: true,
    },
    include: ['src'],
    exclude: [],
  });
  const tsc = join(repositoryRoot, 'node_modules/typescript/bin/tsc');
  execFileSync(execPath, [tsc, '-p', config], { stdio: 'inherit' });
  rmSync(config);
}

function writeJson(path: string, value: object): void {
  writeFileSync(path, `${JSON.stringify(value, undefined, 2)}\n`);
}
