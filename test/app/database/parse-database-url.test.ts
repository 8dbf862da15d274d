import { describe, expect, it } from 'vitest';
import { parseDatabaseUrl } from '../../../src/database/parse-database-url.ts';
import { DatabaseOpenError } from '../../../src/database/sql-client.ts';

describe('parseDatabaseUrl()', () => {
  it.each([
    ['file:tasks.db', 'tasks.db'],
    ['FILE:tasks.db', 'tasks.db'],
    ['file:./data/tasks.db', './data/tasks.db'],
    ['file:/var/lib/tasks.db', '/var/lib/tasks.db'],
    ['file:///var/lib/tasks.db', '/var/lib/tasks.db'],
    ['file:///C:/data/tasks.db', 'C:/data/tasks.db'],
    ['file:/c:/tasks.db', 'c:/tasks.db'],
    ['file:C:/tasks.db', 'C:/tasks.db'],
    ['file:///C/tasks.db', '/C/tasks.db'],
    ['file:my tasks.db', 'my tasks.db'],
    ['file:my%20tasks%3F.db', 'my tasks?.db'],
    [':memory:', ':memory:'],
    ['file::memory:', ':memory:'],
  ])('reads %j', (url, path) => {
    expect(parseDatabaseUrl(url)).toEqual({ system: 'sqlite', path });
  });

  it.each([
    ['tasks.db', '"tasks.db" has no scheme'],
    ['', 'no scheme'],
    ['mysql://root:hunter2@db/todo', 'scheme mysql: is not supported'],
    ['postgres:root:hunter2@db/todo', 'scheme postgres: is not supported'],
    ['root:hunter2@db/todo', 'scheme root: is not supported'],
    ['//root:hunter2@db/todo', 'no scheme'],
    ['file:', 'does not name a file'],
    ['file://db/tasks.db', 'does not name a file on this machine'],
  ])('rejects %j and names the supported URLs', (url, found) => {
    const message = messageFor(url);
    expect(message).toContain(found);
    expect(message).toContain('file:tasks.db');
    expect(message).toContain(':memory:');
    expect(message).not.toContain('hunter2');
  });

  it.each(['file:tasks.db?mode=ro', 'file:tasks.db#1'])('refuses the parameters of %j', (url) => {
    expect(messageFor(url)).toContain('parameters');
  });

  it('refuses a percent sign that begins no escape', () => {
    expect(messageFor('file:100%.db')).toContain('%25');
  });
});

function messageFor(url: string): string {
  try {
    parseDatabaseUrl(url);
  } catch (error) {
    if (error instanceof DatabaseOpenError) return error.message;
  }
  throw new Error(`${url} was not refused.`);
}
