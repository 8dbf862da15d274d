// Adds tasks to a database, one after another. The arguments are its URL and the number of tasks.
// Writes the id of each on a separate line, after the store has acknowledged it.
import process from 'node:process';
import { openDatabase } from '../../../src/database/open.ts';

const database = await openDatabase(process.argv[2] ?? '');
for (let number = 1; number <= Number(process.argv[3]); number += 1) {
  const { id } = await database.store.add({ title: `task ${number}` });
  // Waits for a reader that is slow, where a synchronous write would fail with EAGAIN.
  await new Promise((resolve) => process.stdout.write(`${id}\n`, resolve));
}
await database.close();
