import { cpSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { findApiVersion } from '../../packages/opentelemetry-instrument/src/find-api-version.ts';
import { root } from '../support/app-command.ts';
import { readRepositoryFile } from '../support/repository-files.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'api-version-')));
afterAll(() => rmSync(folder, { recursive: true }));

test('findApiVersion() returns the version of the copy that a module imports', () => {
  const { devDependencies, dependencies } = JSON.parse(readRepositoryFile('package.json'));
  expect(findApiVersion(import.meta.url)).toBe(dependencies['@opentelemetry/api']);

  expect(findApiVersion(join(tmpdir(), 'program.mjs'))).toBeUndefined();
  const api = join(folder, 'node_modules/@opentelemetry/api');
  cpSync(join(root, 'node_modules/opentelemetry-api-1.10'), api, { recursive: true });
  const [, version] = devDependencies['opentelemetry-api-1.10'].split('api@');
  expect(findApiVersion(join(folder, 'program.mjs'))).toBe(version);
});
