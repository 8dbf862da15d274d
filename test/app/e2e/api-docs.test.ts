import { exec, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { readRepositoryFile } from '../../support/repository-files.ts';
import { spawnApp } from '../../support/spawned-app.ts';

/** Commands with their documented output. */
const examples = [
  ...readRepositoryFile('docs/api.md').matchAll(/^```sh\n(.*?)^```\n\n```\n(.*?)^```$/gms),
].map(([, commands = '', output = '']) => ({ commands, output }));

/** Removes everything from an output that differs between runs. */
function normalize(text: string): string {
  return text
    .replaceAll(/\b\d{13}\b/g, 'ORDER')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replaceAll(/[0-9a-f]{32}/g, 'TRACE')
    .trimEnd();
}

test('each command of docs/api.md prints the documented output', async ({ skip }) => {
  skip(spawnSync('curl', ['--version']).error !== undefined, 'there is no curl here');
  await using app = await spawnApp();
  const { host } = new URL(app.url);
  expect(examples.length).toBeGreaterThan(4);
  for (const { commands, output } of examples) {
    const { stdout } = await promisify(exec)(commands.replaceAll('localhost:5000', host));
    expect(normalize(stdout.replaceAll(host, 'localhost:5000'))).toBe(normalize(output));
  }
});
