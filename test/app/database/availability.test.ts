import { expect, test } from 'vitest';
import { migrateBeforeUse } from '../../../src/database/postgres/availability.ts';
import type { PostgresClient } from '../../../src/database/postgres/client.ts';
import { SqlError } from '../../../src/database/sql-client.ts';

/** Creates a client whose connections are all in use. Its statements have the given outcomes. */
function createFullClient(...outcomes: (unknown[][] | SqlError)[]): PostgresClient {
  return {
    system: 'postgresql',
    maxWaiting: 2,
    waitTimeoutMillis: 50,
    hasFreeConnection: () => false,
    async query() {
      const outcome = outcomes.shift() ?? [];
      if (outcome instanceof SqlError) throw outcome;
      return outcome;
    },
    transaction: (work) => work({ query: async () => [] }),
    close: async () => {},
  };
}

/** Starts a client while the database is away. @param migration its second one, which the first call begins */
async function startAway(migration: Promise<void>) {
  const away = new SqlError('It is away.', { kind: 'unavailable', code: 'ECONNREFUSED' });
  const migrations = [() => Promise.reject(away), () => migration];
  const notices: string[] = [];
  const client = migrateBeforeUse(
    createFullClient(),
    async () => migrations.shift()?.(),
    (message) => notices.push(message),
  );
  await client.start();
  return { client, migrations, notices };
}

test('a ping has the result of the last statement while all connections are in use', async () => {
  const lost = new SqlError('It is lost.', { kind: 'unavailable', code: 'CONNECTION_LOST' });
  const busy = new SqlError('It is busy.', { kind: 'busy', code: 'POOL_TIMEOUT' });
  const client = migrateBeforeUse(
    createFullClient(busy, lost, busy, []),
    async () => {},
    () => {},
  );
  await client.start();
  const outcomes: unknown[] = [];
  for (let statement = 0; statement < 4; statement++) {
    await client.query('SELECT 1', []).catch(() => {});
    outcomes.push(await client.ping().catch((error: unknown) => error));
  }
  expect(outcomes).toEqual([undefined, lost, lost, undefined]);
});

test('callers do not wait longer for a migration than for a connection, nor more of them', async () => {
  const migrated = Promise.withResolvers<void>();
  const { client, migrations, notices } = await startAway(migrated.promise);
  const calls = [
    client.query('SELECT 1', []),
    client.transaction(async () => {}),
    client.query('SELECT 2', []),
  ];
  const codes = (await Promise.allSettled(calls)).map(
    (outcome) => outcome.status === 'rejected' && outcome.reason,
  );
  expect(codes).toMatchObject([
    { kind: 'busy', code: 'POOL_TIMEOUT' },
    { kind: 'busy', code: 'POOL_TIMEOUT' },
    { kind: 'busy', code: 'POOL_FULL' },
  ]);
  migrated.resolve();
  await client.query('SELECT 3', []);
  expect(migrations).toEqual([]);
  expect(notices).toEqual([
    'It is away. Requests get 503 until then.',
    'The database can be reached again.',
  ]);
});

test('a migration that fails after its callers have stopped waiting is reported', async () => {
  const migration = Promise.withResolvers<void>();
  const lost = new SqlError('It is lost.', { kind: 'unavailable', code: 'CONNECTION_LOST' });
  const { client, notices } = await startAway(migration.promise);
  await expect(client.query('SELECT 1', [])).rejects.toMatchObject({ kind: 'busy' });
  migration.reject(lost);
  await expect.poll(() => notices).toHaveLength(2);
  expect(notices[1]).toContain('It is lost.');
});

test('migrations run again if a table is missing after a failover', async () => {
  const missing = new SqlError('No table.', { kind: 'refused', code: '42P01' });
  const notices: string[] = [];
  let migrations = 0;
  const client = migrateBeforeUse(
    createFullClient(missing, []),
    async () => void migrations++,
    (message) => notices.push(message),
  );
  await client.start();
  await expect(client.query('SELECT 1', [])).rejects.toBe(missing);
  expect(migrations).toBe(1);
  await client.query('SELECT 1', []);
  expect(migrations).toBe(2);
  expect(notices).toEqual(['No table. Migrations run again.']);
});

test.each(['25006', '53100'])('a failed change with the code %s is not an outage', async (code) => {
  const failure = new SqlError('It cannot be changed.', { kind: 'unavailable', code });
  const notices: string[] = [];
  const client = migrateBeforeUse(
    createFullClient(failure, [], failure),
    async () => {},
    (message) => notices.push(message),
  );
  await client.start();
  await expect(client.query('INSERT', [])).rejects.toBe(failure);
  await client.ping();
  await client.query('SELECT 1', []);
  await expect(client.query('INSERT', [])).rejects.toBe(failure);
  expect(notices).toEqual(['It cannot be changed. Changes get 503 until then.']);
});

test('a standby that cannot be migrated is an outage', async () => {
  const readOnly = new SqlError('It is read-only.', { kind: 'unavailable', code: '25006' });
  const notices: string[] = [];
  const client = migrateBeforeUse(
    createFullClient(),
    () => Promise.reject(readOnly),
    (message) => notices.push(message),
  );
  await client.start();
  await expect(client.query('SELECT 1', [])).rejects.toBe(readOnly);
  expect(notices).toEqual(['It is read-only. Requests get 503 until then.']);
});
