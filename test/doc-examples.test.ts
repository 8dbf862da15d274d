import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { env, execPath, versions } from 'node:process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from './support/app-command.ts';
import { installedPath } from './support/readme.ts';
import { readProgram, readRepositoryFile } from './support/repository-files.ts';

interface Example {
  readonly name: string;
  readonly code: string;
}

const FENCE = /^```ts\n(.*?)\n```$/gms;
const READMES = [
  'exporters/README.md',
  'packages/hono-opentelemetry/README.md',
  'packages/opentelemetry-instrument/README.md',
];

/** The examples in doc comments and READMEs of the packages. */
const examples: readonly Example[] = [
  ...readProgram()
    .filter(({ path }) => /^(?:exporters|packages)\//.test(path))
    .flatMap(({ path, text }) => blocks(path, text.replace(/^ *\* ?/gm, ''))),
  ...READMES.flatMap((path) => blocks(path, readRepositoryFile(path))),
];

function blocks(path: string, text: string): Example[] {
  return [...text.matchAll(FENCE)].map(([, code = ''], i) => ({
    name: `${path} (${i + 1})`,
    code,
  }));
}

let folder: string;

beforeAll(() => {
  mkdirSync(join(root, 'dist'), { recursive: true });
  // Inside the repository, where the packages are found.
  folder = mkdtempSync(join(root, 'dist/doc-examples-'));
  for (const [i, { code }] of examples.entries()) writeFileSync(join(folder, `${i}.ts`), code);
  const config = { extends: '../../tsconfig.json', include: ['.'], exclude: [] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
});

afterAll(() => rmSync(folder, { recursive: true }));

test('examples have no type errors', () => {
  const { stdout } = spawnSync('npx', ['tsc', '-p', folder], {
    cwd: root,
    encoding: 'utf8',
    env: { ...env, PATH: installedPath },
  });
  expect(stdout).toBe('');
});

const finite = examples
  .map((each, i) => ({ ...each, i }))
  .filter(({ code }) => !code.includes('serve('));

test.each(finite)('the example of $name runs and prints what it says', async ({ code, i }) => {
  const run = versions.deno === undefined ? [`${i}.ts`] : ['run', '-A', `${i}.ts`];
  const child = spawn(execPath, run, {
    cwd: folder,
    timeout: 20_000,
    env: { ...env, NO_COLOR: '1' },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text) => {
    stdout += text;
  });
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  const [exitCode] = await once(child, 'close');
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  const printed = [...code.matchAll(/console\.log\(.*\); \/\/ (.*)/g)].map(([, line]) => line);
  for (const line of printed) expect(stdout).toContain(line);
});

test.each([
  'createConsoleExporter',
  'createOtlpExporter',
  'createPrometheusExporter',
  'createRedactor',
  'createTreeExporter',
  'getRequestStats',
  'readForwarded',
  'recordCrash',
  'resolveRequest',
  'startTelemetry',
  'traceHttp',
  'traceSql',
])('%s() has an example', (name) => {
  expect(examples.some(({ code }) => code.includes(`${name}(`))).toBe(true);
});
