import { expect, test } from 'vitest';
import { readRepositoryFile } from '../support/repository-files.ts';
import { commandBreaches } from './readme-rules.ts';

test("the README's commands exist", () => {
  const manifest = JSON.parse(readRepositoryFile('package.json'));
  const deno = JSON.parse(readRepositoryFile('deno.json'));
  expect(commandBreaches(readRepositoryFile('README.md'), manifest, deno)).toEqual([]);
});

test('commandBreaches() catches a script and a task that are not there', () => {
  const scripts = { start: '', 'test:node': '' };
  const readme = [
    '`npm install && npm start`, `npm -s start`, `npm run test:node`, `deno task start`',
    '`npm test`, `npm run bench`, `deno task dev`',
  ].join('\n');
  expect(commandBreaches(readme, { scripts }, { tasks: { start: '' } })).toEqual([
    'README.md says "npm test", which package.json does not have',
    'README.md says "npm run bench", which package.json does not have',
    'README.md says "deno task dev", which deno.json does not have',
  ]);
});
