import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../../src/database/open.ts';
import { openSqlite } from '../../../src/database/sqlite/client.ts';
import { TaskStoreUnavailableError } from '../../../src/tasks/task-store.ts';
import { everythingIn } from '../../support/everything-in.ts';
import { spawnScript } from '../../support/spawn-script.ts';
import { useTemporaryDirectory } from '../../support/temporary-directory.ts';

const temporary = useTemporaryDirectory();

describe('a database that several processes use', () => {
  it('has every acknowledged task, undamaged, after kill -9 amid 1,000 writes', async () => {
    const path = temporary.newPath();
    const writer = spawnScript('add-tasks.ts', `file:${path}`, '1000');
    await writer.hasLines(200);
    writer.kill();
    expect(await writer.exit).toBeNull();

    const client = await openSqlite(path);
    expect(await client.query('PRAGMA integrity_check', [])).toEqual([['ok']]);
    await client.close();
    const database = await openDatabase(`file:${path}`);
    const ids = (await database.store.list()).map((task) => task.id).sort((a, b) => a - b);
    await database.close();
    const acknowledged = writer.lines.map(Number);
    expect(acknowledged.length).toBeLessThan(1000);
    expect(ids).toEqual(expect.arrayContaining(acknowledged));
    // The last write may have been done and killed before it could be acknowledged.
    expect(ids.length - acknowledged.length).toBeLessThanOrEqual(1);
  });

  it('is created and filled by three concurrent processes', async () => {
    const url = `file:${temporary.newPath()}`;
    const writers = [1, 2, 3].map(() => spawnScript('add-tasks.ts', url, '100'));
    expect(await Promise.all(writers.map((writer) => writer.exit))).toEqual([0, 0, 0]);
    const database = await openDatabase(url);
    const ids = (await database.store.list()).map((task) => task.id).sort((a, b) => a - b);
    await database.close();
    const acknowledged = writers.flatMap((writer) => writer.lines.map(Number));
    expect(ids).toEqual(acknowledged.sort((a, b) => a - b));
    expect(ids).toHaveLength(300);
  });

  it('times out while another process holds the lock, without blocking the event loop', async () => {
    const path = temporary.newPath();
    const database = await openDatabase(`file:${path}`);
    const holder = spawnScript('hold-lock.ts', path);
    await holder.hasLines(1);
    let ticks = 0;
    const ticking = setInterval(() => ticks++, 20);
    const error = await database.store.add({ title: 'secret' }).catch((error: unknown) => error);
    clearInterval(ticking);

    expect(error).toBeInstanceOf(TaskStoreUnavailableError);
    expect(error).toMatchObject({ message: expect.stringContaining(path) });
    expect(everythingIn(error)).not.toContain('secret');
    // None while the event loop is blocked; many on an idle machine.
    expect(ticks).toBeGreaterThan(2);
    expect(await database.store.list()).toEqual([]);

    holder.finish();
    expect(await holder.exit).toBe(0);
    expect(await database.store.add({ title: 'tea' })).toMatchObject({ title: 'tea' });
    await database.close();
  });

  it('is written when another process releases the lock, and can be read before', async () => {
    const path = temporary.newPath();
    const database = await openDatabase(`file:${path}`);
    const holder = spawnScript('hold-lock.ts', path);
    await holder.hasLines(1);
    const adding = database.store.add({ title: 'milk' });
    expect(await database.store.list()).toEqual([]);
    holder.finish();
    const task = await adding;
    expect(await database.store.list()).toEqual([task]);
    expect(await holder.exit).toBe(0);
    await database.close();
  });
});
