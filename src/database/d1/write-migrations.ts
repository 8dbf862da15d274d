// `npm run migrations`: the files that `wrangler d1 migrations apply` runs. A test compares them.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { d1Migrations, toSql } from './migrations.ts';

const folder = join(import.meta.dirname, 'migrations');
mkdirSync(folder, { recursive: true });
for (const migration of d1Migrations()) {
  writeFileSync(join(folder, migration.name), toSql(migration));
}
