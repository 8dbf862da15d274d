import { expect, test } from 'vitest';
import { readProgram } from '../support/repository-files.ts';
import { duplicateExports } from './export-rules.ts';

test('an exported name is defined in one file only', () => {
  expect(duplicateExports(readProgram())).toEqual([]);
});

test('duplicateExports() catches functions, constants, classes and types', () => {
  const a =
    'export function f() {} export const c = 1; export class K {} export type T = 1; export interface I {}';
  const files = ['src/a.ts', 'src/b.ts'].map((path) => ({ path, text: a }));
  expect(duplicateExports(files)).toEqual(
    ['f', 'c', 'K', 'T', 'I'].map((name) => `${name} is exported by src/a.ts and src/b.ts`),
  );
});

test('duplicateExports() allows re-exports, private names and overloads', () => {
  const files = [
    { path: 'src/a.ts', text: 'export function f(): void; export function f(a?: 1) {}' },
    { path: 'src/b.ts', text: "export { f } from './a.ts'; function g() {}" },
    { path: 'src/c.ts', text: 'export function g() {}' },
  ];
  expect(duplicateExports(files)).toEqual([]);
});
