// Adds tasks to the database whose URL comes first, as many as the second argument says, one after
// another. Writes the id of each on a line of its own, after the store has acknowledged it.
import process from 'node:process';
import { openDatabase } from '../../src/database/open.ts';

const database = await openDatabase(process.argv[2] ?? '');
for (let number = 1; number <= Number(process.argv[3]); number += 1) {
  const { id } = await database.store.add({ title: `task ${number}` });
  // Waits for a reader that is slow, where a synchronous write would fail with EAGAIN.
  await new Promise((resolve) => process.stdout.write(`${id}\n`, resolve));
}
await database.close();
