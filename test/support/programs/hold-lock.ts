// Holds the write lock of the database that is named first, until stdin ends. Says "locked".
import process from 'node:process';
import { openSqlite } from '../../../src/database/sqlite/client.ts';

const client = await openSqlite(process.argv[2] ?? '');
await client.transaction(async () => {
  process.stdout.write('locked\n');
  for await (const _ of process.stdin);
});
await client.close();
