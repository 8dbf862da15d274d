// `npm run build:packages`: what is published of each package, in its `dist/`: sources, and the modules,
// types and maps that tsc makes of them, with a manifest whose `exports` point there.
import { execFileSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

/** A package's folder and that of its sources, in the order of their dependencies. */
const packages = [
  { folder: 'packages/hono-opentelemetry', sources: 'src' },
  { folder: 'exporters', sources: '.' },
  { folder: 'packages/opentelemetry-instrument', sources: 'src' },
] as const;

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly [key: string]: unknown;
}

/** Fields that every published manifest has. */
const shared = {
  author: 'The Hono OpenTelemetry authors',
  homepage: 'https://github.com/hono-opentelemetry/hono-opentelemetry#readme',
  repository: {
    type: 'git',
    url: 'git+https://github.com/hono-opentelemetry/hono-opentelemetry.git',
  },
  bugs: 'https://github.com/hono-opentelemetry/hono-opentelemetry/issues',
  files: ['dist', 'src'],
  publishConfig: { access: 'public', provenance: true },
};

const root = import.meta.dirname;

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
}

/** Turns the path of a source into the path of what tsc makes of it. */
function compiled(source: string, extension: 'js' | 'd.ts'): string {
  return source.replace(/^\.\/(?:src\/)?/, './dist/').replace(/\.ts$/, `.${extension}`);
}

function publishedManifest(manifest: Manifest, folder: string): object {
  const exports = Object.entries(manifest.exports).map(([path, source]) => {
    if (!source.endsWith('.ts')) return [path, source];
    return [path, { types: compiled(source, 'd.ts'), default: compiled(source, 'js') }];
  });
  const bin = Object.entries(manifest.bin ?? {}).map(([name, source]) => [
    name,
    compiled(source, 'js').slice(2),
  ]);
  return {
    ...manifest,
    ...shared,
    repository: { ...shared.repository, directory: folder },
    exports: Object.fromEntries(exports),
    ...(bin.length > 0 && { bin: Object.fromEntries(bin) }),
  };
}

for (const { folder, sources } of packages) {
  const manifest = readManifest(folder);
  const target = join(root, folder, 'dist');
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target);
  const files = globSync('**/*.ts', {
    cwd: join(root, folder, sources),
    exclude: ['dist/**', 'node_modules/**'],
  });
  for (const file of files) {
    cpSync(join(root, folder, sources, file), join(target, 'src', file), { recursive: true });
  }
  cpSync(join(root, 'LICENSE'), join(target, 'LICENSE'));
  for (const page of ['README.md', 'CHANGELOG.md']) {
    cpSync(join(root, folder, page), join(target, page));
  }
  writeFileSync(
    join(target, 'package.json'),
    `${JSON.stringify(publishedManifest(manifest, folder), undefined, 2)}\n`,
  );
  const built = packages.slice(
    0,
    packages.findIndex((each) => each.folder === folder),
  );
  // Without these tsc would compile the sources of the other packages, too.
  const paths = Object.fromEntries(
    built.flatMap(({ folder }) => {
      const { name, exports } = readManifest(folder);
      return Object.entries(exports)
        .filter(([, source]) => source.endsWith('.ts'))
        .map(([path, source]) => [
          path.replace(/^\./, name),
          [join(root, folder, 'dist', compiled(source, 'd.ts'))],
        ]);
    }),
  );
  const config = join(target, 'tsconfig.json');
  writeFileSync(
    config,
    JSON.stringify({
      extends: join(root, 'tsconfig.json'),
      compilerOptions: {
        noEmit: false,
        rootDir: 'src',
        outDir: 'dist',
        paths,
        declaration: true,
        declarationMap: true,
        sourceMap: true,
        isolatedDeclarations: true,
        allowImportingTsExtensions: false,
        rewriteRelativeImportExtensions: true,
      },
      include: ['src'],
      exclude: [],
    }),
  );
  execFileSync('npx', ['--no-install', 'tsc', '-p', config], { cwd: root, stdio: 'inherit' });
  rmSync(config);
  process.stdout.write(`${manifest.name} ${manifest.version}: ${folder}/dist\n`);
}
