import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { tracePg } from '../../../packages/hono-opentelemetry/src/sql/index.ts';
import { collectGarbage } from '../../support/collect-garbage.ts';

test('a traced client does not keep the methods that its pool has replaced', async ({ skip }) => {
  if (collectGarbage === undefined) return skip('Deno cannot collect garbage on demand.');
  const client = { query() {}, connect() {}, release() {} };
  const traced = tracePg(client, { transactions: true });
  const replaced = Array.from({ length: 100 }, () => {
    // As pg does at each checkout.
    const release = () => {};
    client.release = release;
    traced.release();
    return new WeakRef(release);
  });
  // A WeakRef keeps its target until the current task ends.
  await sleep(0);
  collectGarbage();
  const kept = replaced.filter((each) => each.deref() !== undefined);
  // The collector of Bun takes some words on the stack for references.
  expect(kept.length).toBeLessThan(20);
});
