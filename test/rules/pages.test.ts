import { existsSync, globSync } from 'node:fs';
import { basename, join, posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pages, readBlocks, translations } from '../docs/page.ts';
import { root } from '../support/app-command.ts';
import { readRepositoryFile } from '../support/repository-files.ts';
import { commandBreaches, linkBreaches, proseBreaches, type Target } from './page-rules.ts';

const manifest = JSON.parse(readRepositoryFile('package.json'));
const deno = JSON.parse(readRepositoryFile('deno.json'));
/** The page that lists the avoided words. */
const RULES_PAGE = 'CONTRIBUTING.md';

function resolve(page: string, path: string): Target {
  const file = posix.join(posix.dirname(page), path);
  const exists = existsSync(join(root, file));
  return exists && file.endsWith('.md') ? { exists, text: readRepositoryFile(file) } : { exists };
}

describe.each([...pages, ...translations])('%s', (page) => {
  const text = readRepositoryFile(page);

  test(`${page} names commands that exist`, () => {
    expect(commandBreaches(page, text, manifest, deno)).toEqual([]);
  });

  test(`${page} has no broken links`, () => {
    expect(linkBreaches(page, text, resolve)).toEqual([]);
  });

  // The rules of language are about English.
  if (page === RULES_PAGE || translations.includes(page)) return;
  test(`${page} is written in plain English`, () => {
    expect(proseBreaches(page, text)).toEqual([]);
  });
});

test('README.md has at most 700 words, docs/architecture.md at most 200 lines', () => {
  expect(readRepositoryFile('README.md').trim().split(/\s+/).length).toBeLessThanOrEqual(700);
  expect(readRepositoryFile('docs/architecture.md').split('\n').length).toBeLessThanOrEqual(200);
});

test('docs/architecture.md names files that exist', () => {
  const files = globSync(['*.ts', '{src,runtimes,exporters,packages/*/src}/**/*.ts'], {
    cwd: root,
  });
  const names = new Set(files.map((file) => basename(file)));
  const [tree] = readBlocks('docs/architecture.md');
  const named = [...(tree?.code ?? '').matchAll(/[\w-]+\.ts\b/g)].map(([name]) => name);
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((name) => !names.has(name))).toEqual([]);
});

test('docs/architecture.md links each decision', () => {
  const architecture = readRepositoryFile('docs/architecture.md');
  const decisions = pages.filter((page) => page.startsWith('docs/decisions/'));
  expect(decisions.length).toBeGreaterThan(10);
  for (const page of decisions) expect(architecture).toContain(page.replace('docs/', ''));
});

test('commandBreaches() finds a script and a task that do not exist', () => {
  const scripts = { start: '', 'test:node': '' };
  const page = [
    '`npm install && npm start`, `npm -s start`, `npm run test:node`, `deno task start`',
    '`npm test`, `npm run bench`, `deno task dev`',
  ].join('\n');
  expect(commandBreaches('a.md', page, { scripts }, { tasks: { start: '' } })).toEqual([
    'a.md names "npm test", which package.json does not have',
    'a.md names "npm run bench", which package.json does not have',
    'a.md names "deno task dev", which deno.json does not have',
  ]);
});

test('linkBreaches() finds a missing file and a missing heading', () => {
  const text =
    '# A title\n[x](b.md) [y](c.md) [z](b.md#old) [u](#a-title) [w](#gone) ![p](https://x.example)';
  const files: Record<string, Target> = { 'b.md': { exists: true, text: '## New' } };
  const breaches = linkBreaches('a.md', text, (_, path) => files[path] ?? { exists: false });
  expect(breaches).toEqual([
    'a.md links to c.md, which does not exist',
    'a.md links to b.md#old, which does not exist',
    'a.md links to #gone, which does not exist',
  ]);
});

test('proseBreaches() finds avoided words outside of code', () => {
  expect(proseBreaches('a.md', 'Nobody reads it.\n```\nnobody\n```\nIt is no page.')).toEqual([
    expect.stringContaining('a.md says "Nobody"'),
    expect.stringContaining('a.md says "is no page"'),
  ]);
});

test('proseBreaches() finds a sentence of 26 words', () => {
  const words = 'word '.repeat(25);
  expect(proseBreaches('a.md', `${words}end. ${words.trim()}.`)).toEqual([
    `a.md has more than 25 words in "${words}end."`,
  ]);
});
