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
      expect(await store.count()).toEqual({ active: 0, completed: 0 });
    });

    it('gives a new task an id and the time, not completed', async () => {
      const before = Date.now();
      const task = await store.add({ title: 'milk' });
      const after = Date.now();
      expect(task).toEqual({
        id: expect.any(Number),
        title: 'milk',
        completed: false,
        order: task.createdAt.getTime(),
        createdAt: expect.any(Date),
        version: 1,
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
      expect(await store.count()).toEqual({ active: 3, completed: 0 });
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
      expect(updated).toEqual({ ...task, title: 'tea', completed: true, version: 3 });
      expect(await store.list()).toEqual([updated]);
    });

    it('updates completed alone, there and back', async () => {
      const task = await store.add({ title: 'milk' });
      const other = await store.add({ title: 'tea' });
      const completed = { ...task, completed: true, version: 2 };
      expect(await store.update(task.id, { completed: true })).toEqual(completed);
      expect(await store.list()).toEqual([completed, other]);
      expect(await store.count()).toEqual({ active: 1, completed: 1 });
      const reopened = { ...task, version: 3 };
      expect(await store.update(task.id, { completed: false })).toEqual(reopened);
    });

    it('changes nothing, nor the version, for what a task is already', async () => {
      const task = await store.add({ title: 'milk' });
      expect(await store.update(task.id, {})).toEqual(task);
      const { title, completed, order } = task;
      expect(await store.update(task.id, { title, completed, order })).toEqual(task);
    });

    it('gets one task, or none', async () => {
      const task = await store.add({ title: 'milk' });
      expect(await store.get(task.id)).toEqual(task);
      expect(await store.get(task.id + 1)).toBeUndefined();
    });

    it('adds a task with all that was given', async () => {
      const given = { title: 'milk', completed: true, order: -7 };
      expect(await store.add(given)).toMatchObject(given);
    });

    it('lists in the order of the numbers, the older first of equals', async () => {
      const last = await store.add({ title: 'last', order: Number.MAX_SAFE_INTEGER });
      const second = await store.add({ title: 'second', order: 7 });
      const third = await store.add({ title: 'third', order: 7 });
      const first = await store.add({ title: 'first', order: 1 - Number.MAX_SAFE_INTEGER });
      expect(await store.list()).toEqual([first, second, third, last]);
      const moved = await store.update(last.id, { order: 0 });
      expect(await store.list()).toEqual([first, moved, second, third]);
    });

    it('lists a part: of one state, behind a task, no more than asked for', async () => {
      const tasks = [];
      for (let n = 0; n < 10; n++) {
        tasks.push(await store.add({ title: `${n}`, order: n >> 1, completed: n % 3 === 0 }));
      }
      const titles = async (range: Parameters<TaskStore['list']>[0]) =>
        (await store.list(range)).map((task) => task.title).join('');
      expect(await titles({ completed: true })).toBe('0369');
      expect(await titles({ completed: false, limit: 3 })).toBe('124');
      expect(await titles({ after: tasks[4], limit: 2 })).toBe('56');
      expect(await titles({ after: tasks[4], completed: true })).toBe('69');
      expect(await titles({ after: tasks[9] })).toBe('');
      await store.remove(tasks[4]?.id ?? 0);
      expect(await titles({ after: tasks[4], limit: 2 })).toBe('56');
    });

    it('updates and removes a task of the given version only', async () => {
      const task = await store.add({ title: 'milk' });
      const updated = await store.update(task.id, { title: 'tea' }, 1);
      expect(updated).toEqual({ ...task, title: 'tea', version: 2 });
      expect(await store.update(task.id, { title: 'rum' }, 1)).toBeUndefined();
      expect(await store.remove(task.id, 1)).toBe(false);
      expect(await store.list()).toEqual([updated]);
      expect(await store.remove(task.id, 2)).toBe(true);
      expect(await store.list()).toEqual([]);
    });

    it('lets one of two updates of the same version win', async () => {
      const { id } = await store.add({ title: 'milk' });
      const updates = ['tea', 'rum'].map((title) => store.update(id, { title }, 1));
      const [winner, ...others] = (await Promise.all(updates)).filter((task) => task);
      expect(others).toEqual([]);
      expect(await store.get(id)).toEqual(winner);
    });

    it('completes all and reopens all, and says how many changed', async () => {
      await store.add({ title: 'milk', completed: true });
      const { id } = await store.add({ title: 'tea' });
      await store.add({ title: 'rum' });
      expect(await store.completeAll(true)).toBe(2);
      expect(await store.count()).toEqual({ active: 0, completed: 3 });
      expect((await store.get(id))?.version).toBe(2);
      expect(await store.completeAll(true)).toBe(0);
      expect((await store.get(id))?.version).toBe(2);
      expect(await store.completeAll(false)).toBe(3);
      expect(await store.count()).toEqual({ active: 3, completed: 0 });
    });

    it('removes all, or all of one state, and says how many there were', async () => {
      await store.add({ title: 'milk', completed: true });
      const kept = await store.add({ title: 'tea' });
      expect(await store.removeAll({ completed: true })).toBe(1);
      expect(await store.list()).toEqual([kept]);
      expect(await store.removeAll()).toBe(1);
      expect(await store.removeAll()).toBe(0);
      expect(await store.list()).toEqual([]);
    });

    it('changes and removes thousands of tasks, and works for others meanwhile', async () => {
      const titles = Array.from({ length: 2_500 }, (_, index) => `task ${index}`);
      for (const title of titles) await store.add({ title });
      const [first] = await store.list({ limit: 1 });
      await store.update(first?.id ?? 0, { completed: true });
      const events: string[] = [];
      const note = (event: string) => (value: unknown) => events.push(`${event} ${value}`);
      await Promise.all([
        store.completeAll(true).then(note('completed')),
        store.ping().then(note('pinged')),
      ]);
      expect(events).toContain('completed 2499');
      expect(await store.count()).toEqual({ active: 0, completed: 2_500 });
      await store.add({ title: 'stays' });
      expect(await store.removeAll({ completed: true })).toBe(2_500);
      expect((await store.list()).map(({ title }) => title)).toEqual(['stays']);
      expect(await store.removeAll()).toBe(1);
    });

    it('comes to an end when two callers undo the work of each other', async () => {
      for (let n = 0; n < 2_500; n++) await store.add({ title: `${n}` });
      const counts = await Promise.all([store.completeAll(true), store.completeAll(false)]);
      for (const count of counts) expect(count).toBeLessThanOrEqual(2_500);
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
