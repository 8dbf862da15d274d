import { describe, expect, test } from 'vitest';
import { readProgram } from '../support/repository-files.ts';
import { importCircles } from './import-circles.ts';
import { importBreaches } from './import-rules.ts';

const program = readProgram();
const kit = 'packages/hono-opentelemetry/src';
const instrument = 'packages/opentelemetry-instrument/src';
const paths = new Set([...program.map(({ path }) => path), 'exporters/tree.ts']);

test('every file imports only from allowed parts', () => {
  expect(program.flatMap((file) => importBreaches(file, paths))).toEqual([]);
});

test('no imports form a circle', () => {
  expect(importCircles(program)).toEqual([]);
});

test('importCircles() catches circles between files', () => {
  const files = [
    { path: 'src/a.ts', text: "import { b } from './b.ts'; export const a = b;" },
    { path: 'src/b.ts', text: "import type { C } from './c/c.ts'; export const b = 1;" },
    { path: 'src/c/c.ts', text: "import { a } from '../a.ts'; export type C = typeof a;" },
    { path: 'src/d.ts', text: "import { a } from './a.ts'; export const d = a;" },
  ];
  expect(importCircles(files)).toEqual(['src/a.ts -> src/b.ts -> src/c/c.ts -> src/a.ts']);
  expect(importCircles(files.slice(0, 2))).toEqual([]);
});

describe('importBreaches()', () => {
  test.each([
    ['src/tasks/task.ts', "import { z } from 'zod';", 'zod'],
    ['src/http/page.ts', "import { open } from '../database/open.ts';", '../database/open.ts'],
    ['src/http/page.ts', "import type { S } from '../database/a.ts';", '../database/a.ts'],
    ['src/http/page.ts', "export * from '@opentelemetry/sdk-logs';", '@opentelemetry/sdk-logs'],
    ['src/http/page.ts', "const a = await import('../run.ts');", '../run.ts'],
    ['src/http/page.ts', "let a: import('../run.ts').Run;", '../run.ts'],
    ['src/http/page.ts', "import { serve } from 'honolulu';", 'honolulu'],
    ['src/index.ts', "import './app.ts';", './app.ts'],
    ['src/run.ts', "import * as sdk from '@opentelemetry/sdk-logs';", '@opentelemetry/sdk-logs'],
    ['src/program.ts', "import { a } from '../exporters/tree.ts';", '../exporters/tree.ts'],
    [`${kit}/http/a.ts`, "import { b } from '../../../src/app.ts';", '../../../src/app.ts'],
    [`${kit}/http/a.ts`, "import { env } from 'node:process';", 'node:process'],
    [`${kit}/a.ts`, "import { a } from 'opentelemetry-instrument';", 'opentelemetry-instrument'],
    [`${instrument}/sdk/a.ts`, "import { Hono } from 'hono';", 'hono'],
    [`${instrument}/a.ts`, "import { a } from 'hono-opentelemetry';", 'hono-opentelemetry'],
    ['exporters/otlp.ts', "import { a } from '../src/run.ts';", '../src/run.ts'],
    ['exporters/otlp.ts', "import type { A } from 'hono-opentelemetry';", 'hono-opentelemetry'],
    ['exporters/otlp.ts', "import { a } from './tree.ts';", './tree.ts'],
    ['exporters/otlp.ts', "import { a } from './tree/line.ts';", './tree/line.ts'],
    ['exporters/terminal/writer.ts', "import { a } from '../tree.ts';", '../tree.ts'],
    ['runtimes/node.ts', "import { a } from './deno.ts';", './deno.ts'],
    ['runtimes/node.ts', "import { a } from '../src/app.ts';", '../src/app.ts'],
  ])('catches in %s: %s', (path, text, specifier) => {
    const all = new Set([...paths, 'runtimes/deno.ts']);
    expect(importBreaches({ path, text }, all)).toEqual([`${path} may not import ${specifier}`]);
  });

  test('catches an import() whose target is computed', () => {
    const text = 'export const load = (name: string) => import(name);';
    expect(importBreaches({ path: 'src/run.ts', text }, paths)).toHaveLength(1);
  });

  test('catches a file that belongs to no part', () => {
    expect(importBreaches({ path: 'src/lib/a.ts', text: '' }, paths)).toHaveLength(1);
  });

  test.each([
    ['src/http/a.ts', "import { html } from 'hono/html'; import { b } from './b.ts';"],
    ['src/http/a.ts', "import type { Bindings } from 'todo-runtimes';"],
    [`${instrument}/a.ts`, "import { type A, b } from '@opentelemetry/sdk-logs';"],
    [`${instrument}/a.ts`, "import type { Signal } from 'opentelemetry-instrument-exporters';"],
    ['exporters/tree.ts', "import type { Exporter } from './exporter.ts';"],
    ['exporters/tree.ts', "import { line } from './tree/line.ts';"],
    ['exporters/otlp.ts', "import { open } from './terminal/open-output.ts';"],
    ['exporters/index.ts', "export const load = () => import('./tree.ts');"],
    ['src/tasks/task.ts', "// import 'hono'\nexport const text = \"import 'hono'\";"],
  ])('allows in %s: %s', (path, text) => {
    expect(importBreaches({ path, text }, paths)).toEqual([]);
  });
});
