import type { DriverProgram } from '../../contracts/sql-driver.ts';
import { SECRET } from '../../contracts/sql-driver.ts';

/** The methods that the three synchronous drivers share. */
export interface SharedSqlite {
  exec(sql: string): unknown;
  prepare(sql: string): {
    run(...values: (string | number)[]): unknown;
    get(...values: (string | number)[]): unknown;
    all(...values: (string | number)[]): unknown[];
    iterate(...values: (string | number)[]): Iterable<unknown>;
  };
}

const INSERT = 'INSERT INTO notes (id, body) VALUES (?, ?)';
const rows = (count: number) => ({ 'db.response.returned_rows': count });

/**
 * Programs for the methods that all drivers share.
 * @param unique the status code of a duplicate key
 */
export function sqlitePrograms(unique: string): DriverProgram<SharedSqlite>[] {
  function insert(database: SharedSqlite, ...ids: number[]) {
    const statement = database.prepare(INSERT);
    return ids.map((id) => statement.run(id, SECRET));
  }
  return [
    {
      name: 'run',
      run: (database) => insert(database, 1, 2),
      spans: [['INSERT notes', { 'db.query.text': INSERT }], 'INSERT notes'],
    },
    {
      name: 'get, with and without a row',
      run(database) {
        const statement = database.prepare('SELECT * FROM notes WHERE id = ?');
        insert(database, 1);
        return [statement.get(1), statement.get(2)];
      },
      spans: ['INSERT notes', ['SELECT notes', rows(1)], ['SELECT notes', rows(0)]],
    },
    {
      name: 'all',
      run(database) {
        insert(database, 1, 2);
        return database.prepare('SELECT * FROM notes').all();
      },
      spans: ['INSERT notes', 'INSERT notes', ['SELECT notes', rows(2)]],
    },
    {
      name: 'exec with literals',
      run: (database) => {
        const result = database.exec(`INSERT INTO notes VALUES (1, '${SECRET}')`);
        // Some drivers return the database.
        return result === database ? 'itself' : result;
      },
      spans: [['INSERT notes', { 'db.query.text': 'INSERT INTO notes VALUES (?, ?)' }]],
    },
    {
      name: 'iterate to the end',
      run(database) {
        insert(database, 1, 2);
        return [...database.prepare('SELECT id FROM notes').iterate()];
      },
      spans: ['INSERT notes', 'INSERT notes', ['SELECT notes', rows(2)]],
    },
    {
      name: 'iterate until a break',
      run(database) {
        insert(database, 1, 2);
        for (const row of database.prepare('SELECT id FROM notes').iterate()) return row;
      },
      spans: ['INSERT notes', 'INSERT notes', ['SELECT notes', rows(1)]],
    },
    {
      name: 'a refused statement',
      run: (database) => insert(database, 1, 1),
      spans: ['INSERT notes', ['INSERT notes', { 'db.response.status_code': unique }]],
    },
    {
      name: 'a statement that cannot be prepared',
      run: (database) => database.prepare(`SELECT '${SECRET}' FROM nowhere`),
      spans: [['SELECT nowhere', { 'db.query.text': 'SELECT ? FROM nowhere' }]],
    },
    {
      name: 'a transaction of statements',
      run(database) {
        database.exec('BEGIN');
        insert(database, 1);
        database.exec('ROLLBACK');
        return database.prepare('SELECT * FROM notes').all();
      },
      spans: ['BEGIN', 'INSERT notes', 'ROLLBACK', 'SELECT notes'],
    },
  ];
}
