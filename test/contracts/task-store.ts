import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TaskStore } from '../../src/tasks/task-store.ts';

/** A store and what has to be done when it is no longer needed. */
export interface OpenTaskStore {
  readonly store: TaskStore;
  close(): Promise<void>;
}

/**
 * What every TaskStore does, wherever it keeps its tasks.
 *
 * @param open gives a store without tasks
 */
export function testTaskStore(name: string, open: () => Promise<OpenTaskStore>): void {
  describe(`${name} is a TaskStore that`, () => {
    let opened: OpenTaskStore;
    let store: TaskStore;

    beforeEach(async () => {
      opened = await open();
      store = opened.store;
    });

    afterEach(() => opened.close());

    it('begins empty', async () => {
      expect(await store.list()).toEqual([]);
      expect(await store.count()).toBe(0);
    });

    it('gives a new task an id and the time, not completed', async () => {
      const before = Date.now();
      const task = await store.add({ title: 'milk' });
      const after = Date.now();
      expect(task).toEqual({
        id: expect.any(Number),
        title: 'milk',
        completed: false,
        createdAt: expect.any(Date),
      });
      expect(Number.isSafeInteger(task.id) && task.id > 0).toBe(true);
      expect(task.createdAt.getTime()).toBeGreaterThanOrEqual(before);
      expect(task.createdAt.getTime()).toBeLessThanOrEqual(after);
    });

    it('lists and counts what was added, the oldest first', async () => {
      const added = [
        await store.add({ title: 'b' }),
        await store.add({ title: 'c' }),
        await store.add({ title: 'a' }),
      ];
      expect(await store.list()).toEqual(added);
      expect(await store.count()).toBe(3);
    });

    it('keeps every one of the tasks that are added at once', async () => {
      const titles = Array.from({ length: 50 }, (_, index) => `task ${index}`);
      const added = await Promise.all(titles.map((title) => store.add({ title })));
      expect(new Set(added.map((task) => task.id)).size).toBe(50);
      expect((await store.list()).map((task) => task.title).sort()).toEqual(titles.sort());
    });

    it.each([
      ["Robert'); DROP TABLE tasks;--"],
      ['<script>alert(1)</script>'],
      ['javascript:alert(1)'],
      ['\u202Ertl \u200Bzero-width 🧑‍🚀 é'],
      ['🛒'.repeat(500)],
      ['$1 ? :id %s'],
    ])('returns the title %j as it was given', async (title) => {
      const added = await store.add({ title });
      expect(added.title).toBe(title);
      const updated = await store.update(added.id, { title: `${title}!` });
      expect(updated?.title).toBe(`${title}!`);
      expect(await store.list()).toEqual([updated]);
    });

    it('updates the title alone', async () => {
      const task = await store.add({ title: 'milk' });
      await store.update(task.id, { completed: true });
      const updated = await store.update(task.id, { title: 'tea' });
      expect(updated).toEqual({ ...task, title: 'tea', completed: true });
      expect(await store.list()).toEqual([updated]);
    });

    it('updates completed alone, there and back', async () => {
      const task = await store.add({ title: 'milk' });
      const other = await store.add({ title: 'tea' });
      expect(await store.update(task.id, { completed: true })).toEqual({
        ...task,
        completed: true,
      });
      expect(await store.list()).toEqual([{ ...task, completed: true }, other]);
      expect(await store.update(task.id, { completed: false })).toEqual(task);
    });

    it('changes nothing for an empty patch and returns the task', async () => {
      const task = await store.add({ title: 'milk' });
      expect(await store.update(task.id, {})).toEqual(task);
    });

    it('returns undefined for an update of a task that is not there', async () => {
      const task = await store.add({ title: 'milk' });
      expect(await store.update(task.id + 1, { title: 'tea' })).toBeUndefined();
      expect(await store.update(Number.MAX_SAFE_INTEGER, {})).toBeUndefined();
      expect(await store.list()).toEqual([task]);
    });

    it('removes a task once', async () => {
      const task = await store.add({ title: 'milk' });
      const other = await store.add({ title: 'tea' });
      expect(await store.remove(task.id)).toBe(true);
      expect(await store.remove(task.id)).toBe(false);
      expect(await store.list()).toEqual([other]);
    });

    it('never gives the id of a removed task again', async () => {
      const { id } = await store.add({ title: 'milk' });
      await store.remove(id);
      expect((await store.add({ title: 'tea' })).id).toBeGreaterThan(id);
    });

    it('hands out tasks of which a change by the caller changes nothing stored', async () => {
      const task = await store.add({ title: 'milk' });
      const stored = task.createdAt.getTime();
      const [listed] = await store.list();
      listed?.createdAt.setTime(0);
      task.createdAt.setTime(0);
      expect((await store.list())[0]?.createdAt.getTime()).toBe(stored);
    });

    it('answers a ping', async () => {
      await expect(store.ping()).resolves.toBeUndefined();
    });
  });
}
