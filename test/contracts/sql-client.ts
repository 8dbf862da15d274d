import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SqlClient, SqlError } from '../../src/database/sql-client.ts';
import { everythingIn } from '../support/everything-in.ts';

/**
 * Tests the contract of every SqlClient, for any engine and wrapper.
 *
 * @param open gives a client of a database without tables
 */
export function testSqlClient(name: string, open: () => Promise<SqlClient>): void {
  describe(`${name} is a SqlClient that`, () => {
    let client: SqlClient;
    /** The engine's placeholders, separated by commas. */
    let two: string;

    beforeEach(async () => {
      client = await open();
      two = client.system === 'postgresql' ? '$1, $2' : '?, ?';
      await client.query('CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT)', []);
    });

    afterEach(() => client.close());

    function insert(id: number, body: string | null, into: Pick<SqlClient, 'query'> = client) {
      return into.query(`INSERT INTO notes (id, body) VALUES (${two})`, [id, body]);
    }

    async function ids(): Promise<unknown[]> {
      return (await client.query('SELECT id FROM notes ORDER BY id', [])).flat();
    }

    it('returns rows as arrays, with both of two columns that have the same name', async () => {
      await insert(1, 'milk');
      await insert(2, null);
      expect(await client.query('SELECT body, id, id FROM notes ORDER BY id', [])).toEqual([
        ['milk', 1, 1],
        [null, 2, 2],
      ]);
    });

    it('returns no rows for a statement without a result', async () => {
      expect(await insert(1, 'milk')).toEqual([]);
      expect(await client.query('SELECT id FROM notes WHERE id = 7', [])).toEqual([]);
    });

    it('returns the rows of RETURNING', async () => {
      const sql = `INSERT INTO notes (id, body) VALUES (${two}) RETURNING body, id`;
      expect(await client.query(sql, [1, 'milk'])).toEqual([['milk', 1]]);
    });

    it.each([
      ["Robert'); DROP TABLE notes;--"],
      ['"><img src=x onerror=alert(1)>'],
      ['\u202Ertl \u200Bzero-width 🧑‍🚀 é'],
      ['$1 ? :id'],
    ])('stores %j unchanged', async (body) => {
      await insert(1, body);
      expect(await client.query('SELECT body FROM notes', [])).toEqual([[body]]);
    });

    it('rejects with a SqlError that holds no parameter, when a statement is refused', async () => {
      await insert(1, 'milk');
      const error = await insert(1, 'secret').catch((error: unknown) => error);
      expect(error).toBeInstanceOf(SqlError);
      expect(error).toMatchObject({ kind: 'refused', code: expect.stringMatching(/^[A-Z0-9_]+$/) });
      expect(everythingIn(error)).not.toContain('secret');
    });

    it('commits a transaction that resolves and returns its value', async () => {
      const value = await client.transaction(async (transaction) => {
        await insert(1, 'milk', transaction);
        return 'done';
      });
      expect(value).toBe('done');
      expect(await ids()).toEqual([1]);
    });

    it('rolls a transaction back that throws after an await, and rejects with that error', async () => {
      const failure = new Error('no');
      const transaction = client.transaction(async (transaction) => {
        await insert(1, 'milk', transaction);
        await pause();
        throw failure;
      });
      await expect(transaction).rejects.toBe(failure);
      expect(await ids()).toEqual([]);
    });

    it('rolls a transaction back whose statement is refused', async () => {
      const transaction = client.transaction(async (transaction) => {
        await insert(1, 'milk', transaction);
        await insert(1, 'again', transaction);
      });
      await expect(transaction).rejects.toBeInstanceOf(SqlError);
      expect(await ids()).toEqual([]);
    });

    it('keeps an insert that was sent while a transaction ran that is rolled back', async () => {
      let other: Promise<unknown> | undefined;
      const transaction = client.transaction(async (transaction) => {
        await insert(1, 'mine', transaction);
        other = insert(2, 'of another request');
        await pause();
        throw new Error('no');
      });
      await expect(transaction).rejects.toThrow('no');
      await other;
      expect(await ids()).toEqual([2]);
    });

    it('keeps an insert that was sent while rolled-back transactions were waiting', async () => {
      async function fail(id: number): Promise<void> {
        await client.transaction(async (transaction) => {
          await insert(id, 'mine', transaction);
          await pause();
          throw new Error('no');
        });
      }
      const [first, second, other] = await Promise.allSettled([fail(1), fail(2), insert(3, 'tea')]);
      expect([first?.status, second?.status, other?.status]).toEqual([
        'rejected',
        'rejected',
        'fulfilled',
      ]);
      expect(await ids()).toEqual([3]);
    });

    it('hides an open transaction from other statements', async () => {
      let seen: Promise<unknown[]> | undefined;
      await client.transaction(async (transaction) => {
        await insert(1, 'milk', transaction);
        seen = ids();
        await pause();
        await insert(2, 'tea', transaction);
      });
      expect([[], [1, 2]]).toContainEqual(await seen);
    });

    it('serializes concurrent transactions', async () => {
      async function addOneMore(): Promise<void> {
        await client.transaction(async (transaction) => {
          const [row] = await transaction.query('SELECT count(*) FROM notes', []);
          await pause();
          await insert(Number(row?.[0]) + 1, 'milk', transaction);
        });
      }
      await Promise.all([addOneMore(), addOneMore(), addOneMore()]);
      expect(await ids()).toEqual([1, 2, 3]);
    });

    it('refuses a statement of a transaction that has ended', async () => {
      let kept: Pick<SqlClient, 'query'> | undefined;
      await client.transaction(async (transaction) => {
        kept = transaction;
      });
      if (kept === undefined) throw new Error('The transaction did not run.');
      await expect(insert(1, 'late', kept)).rejects.toMatchObject({
        kind: 'refused',
        message: expect.stringContaining('transaction has ended'),
      });
      expect(await ids()).toEqual([]);
    });

    it('closes after a running transaction and refuses later statements', async () => {
      const transaction = client.transaction(async (transaction) => {
        await pause();
        return transaction.query('SELECT 1', []);
      });
      await pause();
      await client.close();
      await client.close();
      expect(await transaction).toEqual([[1]]);
      await expect(ids()).rejects.toThrow('closed');
      await expect(client.transaction(async () => 1)).rejects.toThrow('closed');
    });
  });
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}
