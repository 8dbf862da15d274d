import { expect, test } from 'vitest';
import { spawnApp } from '../../support/spawned-app.ts';

/** Sends adds, 20 at a time. @returns the answers by their status */
async function add(url: string, count: number): Promise<Map<number, Response[]>> {
  const answers = new Map<number, Response[]>();
  let sent = 0;
  async function client(): Promise<void> {
    while (sent++ < count) {
      const body = new URLSearchParams({ task: 'milk' });
      const answer = await fetch(`${url}/add`, { method: 'POST', body, redirect: 'manual' });
      await answer.text();
      answers.set(answer.status, [...(answers.get(answer.status) ?? []), answer]);
    }
  }
  await Promise.all(Array.from({ length: 20 }, client));
  return answers;
}

test('1,000 adds in a row from one address get 429, and the app serves on', async () => {
  await using app = await spawnApp();
  const startedAt = performance.now();
  const answers = await add(app.url, 1_000);
  const seconds = (performance.now() - startedAt) / 1_000;

  expect([...answers.keys()].sort()).toEqual([303, 429]);
  const added = answers.get(303)?.length ?? 0;
  expect(added).toBeGreaterThanOrEqual(40);
  expect(added).toBeLessThanOrEqual(40 + Math.ceil(20 * seconds));
  const waits = answers.get(429)?.map(({ headers }) => headers.get('retry-after'));
  expect(new Set(waits)).toEqual(new Set(['1']));

  const page = await (await fetch(app.url)).text();
  expect(page.match(/milk/g)?.length).toBeGreaterThanOrEqual(added);
  await expect
    .poll(async () => [...(await add(app.url, 1)).keys()], { timeout: 5_000 })
    .toEqual([303]);
});

test('RATE_LIMIT=0 accepts any number of requests', async () => {
  await using app = await spawnApp({ env: { RATE_LIMIT: '0' } });
  expect([...(await add(app.url, 200)).keys()]).toEqual([303]);
});
