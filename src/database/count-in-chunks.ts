import { withStoreErrors } from './with-store-errors.ts';

/**
 * Maximum number of tasks per statement. SQLite blocks the event loop for about 5 us per task, and
 * PostgreSQL holds their locks until the end of the statement.
 */
export const CHUNK_SIZE = 1_000;

/**
 * Repeats a statement for the next tasks by id, and yields to other work in between. Each task is
 * visited once, so two callers that revert each other's changes terminate.
 * @param change changes up to `CHUNK_SIZE` tasks whose ids are above `after`, and returns their ids
 * @returns the number of changed tasks
 */
export async function countInChunks(
  change: (after: number) => Promise<readonly { readonly id: number }[]>,
): Promise<number> {
  let count = 0;
  for (let after = 0; ; ) {
    const changed = await withStoreErrors(change(after));
    count += changed.length;
    if (changed.length < CHUNK_SIZE) return count;
    for (const { id } of changed) after = Math.max(after, id);
    await new Promise((resolve) => setTimeout(resolve));
  }
}
