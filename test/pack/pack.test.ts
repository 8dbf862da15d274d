import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin, stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildPackages, sourceFiles } from '../../release/build-packages.ts';
import { type Package, packages, readManifest } from '../../release/packages.ts';
import { RUNTIME_NAMES, root } from '../support/app-command.ts';
import { readRepositoryFile } from '../support/repository-files.ts';
import { type LocalRegistry, startLocalRegistry } from './local-registry.ts';
import { EXPECTED_RECORDS, HONO_VERSIONS, SDK_LINES } from './matrix.ts';
import { findNode20 } from './node-20.ts';
import { createProject, managerEnvironment, type Project, RUN_COMMANDS } from './project.ts';
import { exampleDependencies, readExample, runExample } from './readme-example.ts';

/** Caches, tarballs and projects. */
const folder = mkdtempSync(join(tmpdir(), 'pack-test-'));
/** Below the repository, where tsc finds the dependencies. */
const built = join(root, 'dist', `pack-test-${process.pid}`);
const published = packages.map((each) => {
  const manifest = readManifest(each.folder);
  const { name, version } = manifest;
  return { ...each, name, version, tarball: join(folder, `${name}-${version}.tgz`) };
});

let registry: LocalRegistry;
let environment: Record<string, string>;
/** Programs that only this test needs, so they are not dependencies. */
const TOOLS = { '@arethetypeswrong/cli': '0.18.5', typescript: '5.9.3' };
const tools = join(folder, 'tools/node_modules');
/** TypeScript 7 and 5.9. */
const compilers = [
  join(root, 'node_modules/typescript/bin/tsc'),
  join(tools, 'typescript/bin/tsc'),
];

const targetOf = ({ folder: name }: Package) => join(built, name);
const nameOf = (...parts: string[]) => join(folder, parts.join('-').replaceAll(/[^\w.-]/g, '-'));

beforeAll(async () => {
  mkdirSync(built, { recursive: true });
  buildPackages(targetOf);
  for (const each of published) {
    const args = ['pack', '--silent', '--pack-destination', folder];
    execFileSync('npm', args, { cwd: targetOf(each), timeout: 60_000 });
  }
  registry = await startLocalRegistry(
    published.map((each) => ({
      tarball: each.tarball,
      manifest: JSON.parse(readFileSync(join(targetOf(each), 'package.json'), 'utf8')),
    })),
  );
  environment = managerEnvironment(registry.url, folder);
  await createProject(nameOf('tools'), TOOLS, environment).install('node');
}, 300_000);

afterAll(() => {
  registry?.close();
  rmSync(folder, { recursive: true, force: true });
  rmSync(built, { recursive: true, force: true });
}, 300_000);

/** Returns the files of a module that is published as a bundle. */
function bundleFiles(each: Package, module: string): string[] {
  const parts = readdirSync(join(targetOf(each), 'dist', module)).map(
    (file) => `${module}/${file}`,
  );
  expect(parts).toContain(`${module}/LICENSE-opentelemetry`);
  // Deno finds no package from there for a program without node_modules.
  for (const file of [`${module}.js`, ...parts].filter((path) => path.endsWith('.js'))) {
    const text = readFileSync(join(targetOf(each), 'dist', file), 'utf8');
    const imports = [...text.matchAll(/\b(?:from|import)\s*\(?\s*["'`]([^"'`]+)["'`]/g)];
    const names = imports.map(([, specifier = '']) => specifier);
    expect(names.filter((each) => !each.startsWith('.') && !isBuiltin(each))).toEqual([]);
  }
  const files = [`${module}.js`, `${module}.d.ts`, `${module}.d.ts.map`, ...parts];
  return [...files.map((file) => `dist/${file}`), `src/${module}.ts`];
}

test.each(published)('npm pack of $name contains its sources, modules, types and maps', (each) => {
  const listed = execFileSync('tar', ['-tf', each.tarball], { encoding: 'utf8' });
  const modules = sourceFiles(each).flatMap((source) => {
    const module = source.replace(/\.ts$/, '');
    if (each.bundles?.includes(module)) return bundleFiles(each, module);
    return ['js', 'js.map', 'd.ts', 'd.ts.map']
      .map((extension) => `dist/${module}.${extension}`)
      .concat(`src/${source}`);
  });
  const expected = ['package.json', 'README.md', 'CHANGELOG.md', 'LICENSE', ...modules];
  const files = listed.trim().split('\n').sort();
  expect(files).toEqual(expected.map((file) => `package/${file}`).sort());
});

test.each(published)(
  'publint and attw find nothing in $name',
  async (each) => {
    const { messages } = await publint({ pkgDir: targetOf(each), pack: 'npm', strict: true });
    expect(messages).toEqual([]);
    const attw = join(tools, '@arethetypeswrong/cli/dist/index.js');
    const args = [attw, each.tarball, '--profile', 'esm-only', '--no-color'];
    execFileSync('node', args, { env: environment, timeout: 120_000, encoding: 'utf8' });
  },
  180_000,
);

describe.each(published)('$name', (each) => {
  const example = readExample(each.folder);

  test('its README example runs in projects of npm, bun and deno, and has no type errors', async () => {
    for (const runtime of RUNTIME_NAMES) {
      const dependencies = exampleDependencies(example, each.folder, each.name);
      const project = createProject(nameOf(each.name, runtime), dependencies, environment);
      await project.install(runtime);
      await runExample(project, runtime, example, environment);
      if (runtime !== 'node') continue;
      project.write('example.ts', example);
      await checkTypes(project, ['example.ts'], { types: ['node'], skipLibCheck: true });
    }
  }, 300_000);

  test('every export loads without packages that it does not name', async () => {
    const manifest = readManifest(each.folder);
    const peers = { ...manifest.peerDependencies, [each.name]: each.version };
    const project = createProject(nameOf(each.name, 'exports'), peers, environment);
    await project.install('node');
    const imports = Object.keys(manifest.exports)
      .filter((path) => !/package\.json|register/.test(path))
      .map((path) => `await import('${path.replace(/^\./, each.name)}');`);
    project.write('exports.ts', imports.join('\n'));
    for (const runtime of RUNTIME_NAMES) await project.run(runtime, 'exports.ts');
  }, 300_000);
});

test('npx opentelemetry-instrument runs a one-shot script in an empty project', async () => {
  const project = createProject(nameOf('npx'), {}, environment);
  const readme = readRepositoryFile('packages/opentelemetry-instrument/README.md');
  const [install = ''] = /^npm install .*$/m.exec(readme) ?? [];
  await project.execute('sh', '-c', install);
  project.write(
    'script.js',
    "import { trace } from '@opentelemetry/api';\ntrace.getTracer('shop').startSpan('buy milk').end();",
  );
  for (const runtime of RUNTIME_NAMES) {
    const flags = ['--traces_exporter=console', '--metrics_exporter=none', '--logs_exporter=none'];
    const command = [...flags, ...RUN_COMMANDS[runtime], 'script.js'];
    const output = await project.execute('npx', 'opentelemetry-instrument', ...command);
    expect(JSON.parse(output)).toMatchObject({ name: 'buy milk' });
  }
  // Deno finds no package for a program without a manifest.
  const bare = nameOf('bare');
  mkdirSync(bare);
  const script = join(bare, 'script.js');
  writeFileSync(script, "console.log('milk');");
  const command = ['--metrics_exporter=none', 'deno', 'run', '-A', script];
  expect(await project.execute('npx', 'opentelemetry-instrument', ...command)).toBe('milk\n');
}, 120_000);

async function checkTypes(project: Project, files: string[], options?: object): Promise<void> {
  for (const compiler of compilers) {
    await project.typeCheck(compiler, files, options);
  }
}

const matrix = SDK_LINES.flatMap((line) => HONO_VERSIONS.map((hono) => ({ line, hono })));

describe.each(matrix)('hono-opentelemetry with $line.name and hono $hono', ({ line, hono }) => {
  let project: Project;

  beforeAll(async () => {
    const kit = { hono, 'hono-opentelemetry': readManifest('packages/hono-opentelemetry').version };
    const dependencies = { ...line.dependencies, ...kit, '@types/node': '26.6.6' };
    project = createProject(nameOf(line.name, hono), dependencies, environment);
    project.write('program.ts', line.program);
    await project.install('node');
  }, 120_000);

  test.each(RUNTIME_NAMES)(
    'spans, durations and log records arrive on %s',
    async (runtime) => {
      expect(JSON.parse(await project.run(runtime, 'program.ts'))).toEqual(EXPECTED_RECORDS);
    },
    120_000,
  );

  test('types fit under TypeScript 5.9 and 7', async () => {
    const sources = 'node_modules/hono-opentelemetry/src/index.ts';
    const options = { types: ['node'], skipLibCheck: true };
    await checkTypes(project, ['program.ts', sources], options);
  }, 120_000);

  // SDK 3 needs a newer Node.
  if (line.name.includes('SDK 3') || hono !== '4.8.0') return;
  test('spans, durations and log records arrive on Node 20', async () => {
    const node20 = await findNode20(nameOf('node-20'), environment);
    project.write('program.js', stripTypeScriptTypes(line.program));
    const output = execFileSync(node20, ['program.js'], { cwd: project.folder, timeout: 60_000 });
    expect(JSON.parse(output.toString())).toEqual(EXPECTED_RECORDS);
  }, 120_000);
});

test('hono-opentelemetry/sql loads without hono', async () => {
  const { version } = readManifest('packages/hono-opentelemetry');
  const dependencies = { 'hono-opentelemetry': version, '@opentelemetry/api': '1.9.1' };
  const project = createProject(nameOf('without-hono'), dependencies, environment);
  await project.install('bun');
  project.write('sql.ts', "import { traceSql } from 'hono-opentelemetry/sql'; traceSql;");
  for (const runtime of RUNTIME_NAMES) await project.run(runtime, 'sql.ts');
}, 120_000);
