import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { env } from 'node:process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { currentRuntime, root } from '../support/app-command.ts';
import { installedPath } from '../support/installed-path.ts';
import { readProgram } from '../support/repository-files.ts';
import { pages, readExamples } from './page.ts';
import { startProgram } from './program.ts';

interface Example {
  readonly name: string;
  readonly code: string;
}

const FENCE = /^```ts\n(.*?)\n```$/gms;
const RUN = { node: 'node', bun: 'bun', deno: 'deno run -A' }[currentRuntime];

/** The examples in doc comments of the packages and in all pages. */
const examples: readonly Example[] = [
  ...readProgram()
    .filter(({ path }) => /^(?:exporters|packages)\//.test(path))
    .flatMap(({ path, text }) =>
      number(
        path,
        [...text.replace(/^ *\* ?/gm, '').matchAll(FENCE)].map(([, code = '']) => code),
      ),
    ),
  // test/docs/talk.test.ts runs the programs of the talk.
  ...pages
    .filter((page) => !page.startsWith('docs/talk/'))
    .flatMap((page) => number(page, readExamples(page))),
];

function number(path: string, codes: readonly string[]): Example[] {
  return codes.map((code, i) => ({ name: `${path} (${i + 1})`, code }));
}

let folder: string;

beforeAll(() => {
  mkdirSync(join(root, 'dist'), { recursive: true });
  // Inside the repository, where the packages are found.
  folder = mkdtempSync(join(root, 'dist/doc-examples-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

test('examples have no type errors', ({ skip }) => {
  skip(currentRuntime !== 'node', 'types are the same on each runtime: they are checked on Node');
  for (const [i, { code }] of examples.entries()) writeFileSync(join(folder, `${i}.ts`), code);
  const config = { extends: '../../tsconfig.json', include: ['.'], exclude: [] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const { stdout } = spawnSync('npx', ['tsc', '-p', folder], {
    cwd: root,
    encoding: 'utf8',
    env: { ...env, PATH: installedPath },
  });
  expect(stdout).toBe('');
});

test.for(examples)(
  'the example of $name runs and prints the expected output',
  async ({ code }, { skip }) => {
    const isWorker = code.includes('export default');
    skip(isWorker && currentRuntime === 'bun', 'Bun serves a default export with fetch()');
    const program = await startProgram(folder, `${RUN} app.ts`, code);
    try {
      if (!code.includes('serve(')) expect(await program.exitCode).toBe(0);
      const printed = [...code.matchAll(/console\.log\(.*\); \/\/ (.*)/g)].map(([, line]) => line);
      for (const line of printed) expect(program.output).toContain(line);
    } finally {
      await program.stop();
    }
  },
);

test.each([
  'createConsoleExporter',
  'createOtlpExporter',
  'createPrometheusExporter',
  'createRedactor',
  'createTreeExporter',
  'currentTraceId',
  'getRequestStats',
  'instrumentGlobalFetch',
  'readForwarded',
  'recordCrash',
  'recordTraces',
  'resolveRequest',
  'startTelemetry',
  'traceFetch',
  'traceHttp',
  'traceJob',
  'traceMessages',
  'traceSql',
  'tracedRouter',
])('%s() has an example', (name) => {
  expect(examples.some(({ code }) => code.includes(`${name}(`))).toBe(true);
});
