import { describe, expect, test } from 'vitest';
import { readProgram } from '../support/repository-files.ts';
import { importBreaches } from './import-rules.ts';

const program = readProgram();
const paths = new Set([...program.map(({ path }) => path), 'exporters/tree.ts']);

test('every file imports only what its part may', () => {
  expect(program.flatMap((file) => importBreaches(file, paths))).toEqual([]);
});

describe('importBreaches() catches', () => {
  test.each([
    ['src/tasks/task.ts', "import { z } from 'zod';", 'zod'],
    ['src/http/page.ts', "import { open } from '../database/open.ts';", '../database/open.ts'],
    ['src/http/page.ts', "import type { S } from '../database/a.ts';", '../database/a.ts'],
    ['src/http/page.ts', "export * from '@opentelemetry/sdk-logs';", '@opentelemetry/sdk-logs'],
    ['src/http/page.ts', "const a = await import('../main.ts');", '../main.ts'],
    ['src/http/page.ts', "let a: import('../main.ts').Main;", '../main.ts'],
    ['src/http/page.ts', "import { serve } from 'honolulu';", 'honolulu'],
    ['src/tracing/a.ts', "export { b } from '../tasks/task.ts';", '../tasks/task.ts'],
    ['src/tracing/a.ts', "import { env } from 'node:process';", 'node:process'],
    ['src/telemetry/a.ts', "import { Hono } from 'hono';", 'hono'],
    ['src/index.ts', "import './app.ts';", './app.ts'],
    ['src/main.ts', "import { a } from '../exporters/tree.ts';", '../exporters/tree.ts'],
    ['src/main.ts', "import * as sdk from '@opentelemetry/sdk-logs';", '@opentelemetry/sdk-logs'],
    ['exporters/otlp.ts', "import { a } from '../src/main.ts';", '../src/main.ts'],
    ['exporters/otlp.ts', "import { a } from './tree.ts';", './tree.ts'],
    ['exporters/otlp.ts', "import { a } from './tree/line.ts';", './tree/line.ts'],
    ['exporters/output/writer.ts', "import { a } from '../tree.ts';", '../tree.ts'],
    ['runtimes/node.ts', "import { a } from './deno.ts';", './deno.ts'],
    ['runtimes/node.ts', "import { a } from '../src/runtime.ts';", '../src/runtime.ts'],
  ])('in %s: %s', (path, text, specifier) => {
    const all = new Set([...paths, 'runtimes/deno.ts']);
    expect(importBreaches({ path, text }, all)).toEqual([`${path} may not import ${specifier}`]);
  });

  test('an import() whose target is computed', () => {
    const text = 'export const load = (name: string) => import(name);';
    expect(importBreaches({ path: 'src/main.ts', text }, paths)).toHaveLength(1);
  });

  test('a file that belongs to no part', () => {
    expect(importBreaches({ path: 'src/lib/a.ts', text: '' }, paths)).toHaveLength(1);
  });
});

describe('importBreaches() allows', () => {
  test.each([
    ['src/http/page.ts', "import { html } from 'hono/html'; import { a } from './layout.ts';"],
    ['src/http/page.ts', "import type { Bindings } from '../runtime.ts';"],
    ['src/telemetry/a.ts', "import { type A, b } from '@opentelemetry/sdk-logs';"],
    ['exporters/tree.ts', "import type { Exporter } from '../src/telemetry/exporter.ts';"],
    ['exporters/tree.ts', "import { type Signal } from '../src/telemetry/exporter.ts';"],
    ['exporters/tree.ts', "import { line } from './tree/line.ts';"],
    ['exporters/otlp.ts', "import { open } from './output/open-output.ts';"],
    ['exporters/index.ts', "export const load = () => import('./tree.ts');"],
    ['src/tasks/task.ts', "// import 'hono'\nexport const text = \"import 'hono'\";"],
  ])('in %s: %s', (path, text) => {
    expect(importBreaches({ path, text }, paths)).toEqual([]);
  });
});
