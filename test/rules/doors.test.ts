import { expect, test } from 'vitest';
import { readProgram } from '../support/repository-files.ts';
import { doorBreaches, openFolders } from './door-rules.ts';

test('folders with an index.ts are imported through it only', () => {
  expect(doorBreaches(readProgram())).toEqual([]);
});

test('every folder that others import has a door', () => {
  expect(openFolders(readProgram())).toEqual([]);
});

test('doorBreaches() catches an import that bypasses an index.ts', () => {
  const door = { path: 'src/pages/index.ts', text: "export { a } from './a.ts';" };
  const inside = { path: 'src/pages/a.ts', text: "export { b as a } from './deep/b.ts';" };
  const deep = { path: 'src/pages/deep/b.ts', text: "export { c as b } from '../c.ts';" };
  const outside = { path: 'src/app.ts', text: "import { a } from './pages/index.ts';" };
  const breach = { path: 'src/run.ts', text: "import type { A } from './pages/a.ts';" };
  expect(doorBreaches([door, inside, deep, outside])).toEqual([]);
  expect(doorBreaches([door, inside, deep, outside, breach])).toEqual([
    'src/run.ts imports src/pages/a.ts instead of src/pages/index.ts',
  ]);
});

test("doorBreaches() treats the file beside an exporter's folder as its door", () => {
  const door = { path: 'exporters/dots.ts', text: "import { a } from './dots/a.ts';" };
  const inside = { path: 'exporters/dots/a.ts', text: "export { b } from './b.ts';" };
  const breach = { path: 'exporters/lines.ts', text: "import { b } from './dots/b.ts';" };
  expect(doorBreaches([door, inside])).toEqual([]);
  expect(doorBreaches([door, inside, breach])).toEqual([
    'exporters/lines.ts imports exporters/dots/b.ts instead of exporters/dots.ts',
  ]);
});

test('openFolders() catches a folder without a door', () => {
  const inside = { path: 'exporters/dots/a.ts', text: "export { b } from './b.ts';" };
  const outside = { path: 'exporters/lines.ts', text: "import { b } from './dots/a.ts';" };
  expect(openFolders([inside])).toEqual([]);
  expect(openFolders([inside, outside])).toEqual(['exporters/dots has no index.ts']);
});
