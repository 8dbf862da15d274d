import { globSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packages, readManifest } from '../../release/packages.ts';
import { VERSION } from '../../src/version.ts';
import { root } from '../support/app-command.ts';
import { readFolder, readRepositoryFile } from '../support/repository-files.ts';

const published = packages.map((each) => ({ ...each, manifest: readManifest(each.folder) }));

test('every workspace that is not private is published', () => {
  const { workspaces } = JSON.parse(readRepositoryFile('package.json'));
  const folders = globSync(
    workspaces.map((each: string) => `${each}/package.json`),
    { cwd: root },
  ).map((path) => path.replace(/[\\/]package\.json$/, '').replaceAll('\\', '/'));
  const expected = folders.filter((folder) => readManifest(folder).private !== true);
  expect(packages.map(({ folder }) => folder).sort()).toEqual(expected.sort());
});

test.each(published)('$folder has its version as a constant', ({ folder, sources, manifest }) => {
  const versions = readFolder(join(folder, sources)).flatMap(({ text }) =>
    [...text.matchAll(/^export const (?:\w+_)?VERSION = '(\d[^']*)';$/gm)].map(
      ([, version]) => version,
    ),
  );
  expect(versions).toEqual([manifest.version]);
});

test('the app has its version as a constant', () => {
  const { version } = JSON.parse(readRepositoryFile('package.json'));
  expect(VERSION).toBe(version);
});

test.each(published)('the CHANGELOG links to that of $folder', ({ folder }) => {
  expect(readRepositoryFile('CHANGELOG.md')).toContain(`(${folder}/CHANGELOG.md)`);
  expect(readRepositoryFile(`${folder}/CHANGELOG.md`)).toMatch(/^# /);
});
