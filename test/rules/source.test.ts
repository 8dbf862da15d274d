import { expect, test } from 'vitest';
import { readFolder, readProgram } from '../support/repository-files.ts';
import { environmentBreaches, registryBreaches, runtimeBreaches } from './source-rules.ts';

test('Bun, Deno and bun: occur in runtimes/ only', () => {
  expect(readProgram().flatMap(runtimeBreaches)).toEqual([]);
});

test('process.env is used where it is handed to the settings reader only', () => {
  expect(readProgram().flatMap(environmentBreaches)).toEqual([]);
});

test.each(['exporters', 'runtimes'])('every file in %s/ is in its registry', (folder) => {
  expect(registryBreaches(readFolder(folder))).toEqual([]);
});

test.each([
  'Bun.serve({});',
  'const version = Deno.version.deno;',
  "if ('serve' in globalThis.Deno) {}",
  'const isBun = typeof Bun !== "undefined";',
  "import { Database } from 'bun:sqlite';",
  "const { Database } = await import('bun:sqlite');",
])('runtimeBreaches() catches %s', (text) => {
  expect(runtimeBreaches({ path: 'src/run.ts', text })).toHaveLength(1);
  expect(runtimeBreaches({ path: 'runtimes/bun.ts', text })).toEqual([]);
});

test('runtimeBreaches() allows the words in texts and comments', () => {
  const text = "// Bun and Deno.\nexport const names = ['Bun', 'Deno'];";
  expect(runtimeBreaches({ path: 'src/run.ts', text })).toEqual([]);
});

test.each([
  'export const port = process.env.PORT;',
  "export const port = process['env']['PORT'];",
  'export const port = globalThis.process.env.PORT;',
  'export const { env } = process;',
  "import { env } from 'node:process';",
  "import { env as environment } from 'node:process';",
])('environmentBreaches() catches %s', (text) => {
  expect(environmentBreaches({ path: 'src/app.ts', text })).toHaveLength(1);
  expect(environmentBreaches({ path: 'src/run.ts', text })).toEqual([]);
});

test("environmentBreaches() allows Hono's c.env and the rest of process", () => {
  const text = 'export const read = (c) => c.env.peer; process.once("SIGTERM", read);';
  expect(environmentBreaches({ path: 'src/app.ts', text })).toEqual([]);
});

test('registryBreaches() catches a file that the registry does not load', () => {
  const registry = { path: 'exporters/index.ts', text: "const load = () => import('./tree.ts');" };
  const tree = { path: 'exporters/tree.ts', text: '' };
  const line = { path: 'exporters/terminal/line.ts', text: '' };
  const otlp = { path: 'exporters/otlp.ts', text: '' };
  expect(registryBreaches([registry, tree, line])).toEqual([]);
  expect(registryBreaches([registry, tree, line, otlp])).toEqual([
    'exporters/otlp.ts is missing from the registry beside it, index.ts',
  ]);
  expect(registryBreaches([tree])).toHaveLength(1);
});
