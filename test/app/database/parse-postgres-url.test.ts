import { describe, expect, it } from 'vitest';
import { parseDatabaseUrl } from '../../../src/database/parse-database-url.ts';
import { DatabaseUrlError } from '../../../src/database/sql-client.ts';

const location = {
  system: 'postgresql',
  host: 'db',
  port: 5432,
  database: 'todo',
  user: 'anna',
  password: undefined,
  applicationName: 'todo',
  options: undefined,
  tlsMode: 'disable',
  tlsFiles: { ca: undefined, cert: undefined, key: undefined },
};

describe('parseDatabaseUrl() for PostgreSQL', () => {
  it.each([
    ['postgres://anna@db/todo', {}],
    ['postgresql://anna@db/todo', {}],
    ['POSTGRES://anna@db/todo', {}],
    ['postgres://anna:p%40ss%2Fword@db/todo', { password: 'p@ss/word' }],
    ['postgres://anna@db:6432/todo', { port: 6432 }],
    ['postgres://anna@db', { database: 'anna' }],
    ['postgres://anna@[::1]/todo', { host: '::1' }],
    ['postgres://anna@/todo?host=/run/postgresql', { host: '/run/postgresql' }],
    ['postgres://anna@%2Frun%2Fpostgresql/todo', { host: '/run/postgresql' }],
    ['postgres://anna@db/to%20do', { database: 'to do' }],
    ['postgres://anna@db/todo?sslmode=verify-full', { tlsMode: 'verify-full' }],
    [
      'postgres://anna@db/todo?sslmode=verify-ca&sslrootcert=/ca.pem&sslcert=a.pem&sslkey=k.pem',
      { tlsMode: 'verify-ca', tlsFiles: { ca: '/ca.pem', cert: 'a.pem', key: 'k.pem' } },
    ],
    [
      'postgres://anna@db/todo?application_name=web&options=-c%20search_path%3Dtodo',
      { applicationName: 'web', options: '-c search_path=todo' },
    ],
  ])('reads %s', (url, expected) => {
    expect(parseDatabaseUrl(url)).toEqual({ ...location, ...expected });
  });

  it('uses the PG* variables for what the URL leaves out', () => {
    const variables = {
      PGHOST: 'db2',
      PGPORT: '6000',
      PGUSER: 'otto',
      PGPASSWORD: 'pass',
      PGDATABASE: 'list',
      PGAPPNAME: 'app',
      PGSSLMODE: 'verify-full',
      PGSSLROOTCERT: '/root.pem',
      PGOPTIONS: ' ',
    };
    expect(parseDatabaseUrl('postgres://', variables)).toEqual({
      ...location,
      host: 'db2',
      port: 6000,
      user: 'otto',
      password: 'pass',
      database: 'list',
      applicationName: 'app',
      tlsMode: 'verify-full',
      tlsFiles: { ca: '/root.pem', cert: undefined, key: undefined },
    });
    const url = 'postgres://anna:secret@db:7000/todo?sslmode=disable&application_name=mine';
    expect(parseDatabaseUrl(url, variables)).toMatchObject({
      host: 'db',
      port: 7000,
      user: 'anna',
      password: 'secret',
      database: 'todo',
      applicationName: 'mine',
      tlsMode: 'disable',
    });
  });

  it.each(['postgres://anna@', 'postgres://anna@/todo', 'postgres://anna:secret@:7000/todo'])(
    'uses PGHOST with %s',
    (url) => {
      expect(parseDatabaseUrl(url, { PGHOST: 'db2' })).toMatchObject({ host: 'db2', user: 'anna' });
    },
  );

  it('connects to this machine as the user of the system by default', () => {
    expect(parseDatabaseUrl('postgres://', { USER: 'otto' })).toMatchObject({
      host: 'localhost',
      user: 'otto',
      database: 'otto',
    });
  });

  it.each([
    ['postgres://db/todo', 'has no user'],
    ['postgres://anna:hunter2@db:port/todo', 'cannot be parsed'],
    ['postgres://anna:hunter2@one,two:5432/todo', 'lists several hosts'],
    ['postgres://anna:hunter2@/todo?host=one,two', 'lists several hosts'],
    ['postgres://anna:100%hunter2@db/todo', '%25'],
    ['postgres://anna:hunter2@db/todo?sslmode=prefer', 'sslmode "prefer" is not supported'],
    ['postgres://anna:hunter2@db/todo?channel_binding=require', '"channel_binding"'],
  ])('rejects %s', (url, found) => {
    let error: unknown;
    try {
      parseDatabaseUrl(url);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(DatabaseUrlError);
    expect((error as Error).message).toContain(found);
    expect((error as Error).message).not.toContain('hunter2');
  });

  it('keeps the spaces of a password', () => {
    const variables = { PGPASSWORD: ' pass ' };
    expect(parseDatabaseUrl('postgres://anna@db', variables)).toMatchObject({ password: ' pass ' });
  });

  it('rejects several hosts of PGHOST', () => {
    const variables = { PGHOST: 'one,two' };
    expect(() => parseDatabaseUrl('postgres://anna@', variables)).toThrow('PGHOST lists several');
  });

  it('rejects a port of PGPORT that is none', () => {
    expect(() => parseDatabaseUrl('postgres://anna@db', { PGPORT: 'x' })).toThrow('PGPORT is "x"');
  });
});
