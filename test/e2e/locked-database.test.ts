import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, test } from 'vitest';
import { spawnApp } from '../support/spawned-app.ts';

const folder = mkdtempSync(join(tmpdir(), 'locked-'));
afterAll(() => rmSync(folder, { recursive: true }));

const post = (url: string) =>
  fetch(`${url}/add`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ task: 'milk' }),
  });

test('a locked database turns writes away with 503 after 2 s, and nothing else waits for it', async () => {
  const file = join(folder, 'tasks.db');
  await using app = await spawnApp({ env: { DATABASE_URL: `file:${file}` } });
  const other = new DatabaseSync(file);
  other.exec('BEGIN IMMEDIATE');
  const startedAt = performance.now();
  const refused = post(app.url);
  const alive = await fetch(`${app.url}/healthz`);
  expect(alive.status).toBe(200);
  expect(performance.now() - startedAt).toBeLessThan(1_900);

  const response = await refused;
  expect(response.status).toBe(503);
  expect(response.headers.get('retry-after')).toBe('2');
  expect(performance.now() - startedAt).toBeGreaterThan(1_900);

  const patient = post(app.url);
  setTimeout(() => other.exec('ROLLBACK'), 500);
  expect((await patient).status).toBe(303);
  other.close();
});
