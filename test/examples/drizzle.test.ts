import { join } from 'node:path';
import { versions } from 'node:process';
import { describe, expect, test } from 'vitest';
import { root } from '../support/app-command.ts';
import { noPostgres, startPostgres } from '../support/database-servers.ts';
import { runExample } from '../support/run-example.ts';
import { waitUntil } from '../support/wait-until.ts';

/** Runs an example and expects the spans of a request. */
async function expectSpans(name: string, variables: Record<string, string> = {}): Promise<void> {
  await using app = await runExample(join(root, 'examples', name), { variables });
  const response = await fetch(`${app.url}/tasks`);
  expect(await response.json()).toEqual([{ id: 1, title: 'milk' }]);
  await waitUntil(() => /GET \/tasks 200.*\n.*select tasks/.test(app.stderr()), 10_000, app.stderr);
}

test('examples/drizzle-libsql traces the statements of a request', async () => {
  await expectSpans('drizzle-libsql');
});

describe.skipIf(versions.bun === undefined)('bun:sqlite: only Bun has it', () => {
  test('examples/drizzle-bun-sqlite traces the statements of a request', async () => {
    await expectSpans('drizzle-bun-sqlite');
  });
});

describe.skipIf(noPostgres)(`PostgreSQL${noPostgres ? `: ${noPostgres}` : ''}`, () => {
  test('examples/drizzle-pg traces the statements of a request', async () => {
    const server = await startPostgres();
    try {
      const DATABASE_URL = `postgres://test@127.0.0.1:${server.port}/postgres`;
      await expectSpans('drizzle-pg', { DATABASE_URL });
    } finally {
      await server.stop();
    }
  });
});
