import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Task } from '../../src/tasks/task.ts';
import { TaskLimitError, type TaskStore } from '../../src/tasks/task-store.ts';
import { addMany, type OpenTaskStore } from './task-store.ts';

/**
 * Tests the contract of every TaskStore that several processes share: concurrent changes have the
 * result of one after the other.
 *
 * @param openTwo gives two clients of the same storage, which has no tasks
 */
export function testSharedTaskStore(
  name: string,
  openTwo: (maxTasks?: number) => Promise<readonly [OpenTaskStore, OpenTaskStore]>,
): void {
  describe(`${name} with two clients`, () => {
    let opened: readonly OpenTaskStore[];
    let one: TaskStore;
    let two: TaskStore;

    async function open(maxTasks?: number): Promise<void> {
      const both = await openTwo(maxTasks);
      opened = both;
      [one, two] = [both[0].store, both[1].store];
    }

    beforeEach(() => open());
    afterEach(() => Promise.all(opened.map(({ close }) => close())));

    it('shows each client the changes of the other', async () => {
      const task = await one.add({ title: 'milk' });
      expect(await two.list()).toEqual([task]);
      const updated = await two.update(task.id, { completed: true }, 1);
      expect(await one.get(task.id)).toEqual(updated);
    });

    it('lets one of many edits of the same version win', async () => {
      const { id } = await one.add({ title: 'milk' });
      const edits = Array.from({ length: 20 }, (_, n) =>
        (n % 2 ? one : two).update(id, { title: `edit ${n}` }, 1),
      );
      const [winner, ...others] = (await Promise.all(edits)).filter((task) => task);
      expect(others).toEqual([]);
      expect(await one.list()).toEqual([winner]);
      expect(winner?.version).toBe(2);
    });

    it('counts a version for each of many edits without a version', async () => {
      const { id } = await one.add({ title: 'milk' });
      const edits = Array.from({ length: 20 }, (_, n) =>
        (n % 2 ? one : two).update(id, { title: `edit ${n}` }),
      );
      const versions = (await Promise.all(edits)).map((task) => task?.version);
      expect(versions.sort((a = 0, b = 0) => a - b)).toEqual(edits.map((_, n) => n + 2));
    });

    it('never deletes a completed task that the other client has reopened', async () => {
      await addMany(one, 300, true);
      const tasks = await one.list();
      const [removed, ...reopened] = await Promise.all([
        one.removeAll({ completed: true }),
        ...tasks.map(({ id }) => two.update(id, { completed: false })),
      ]);
      const left = reopened.filter((task) => task !== undefined);
      expect(removed + left.length).toBe(tasks.length);
      expect(await one.list()).toEqual(left);
    });

    it('moves tasks of equal order from both clients, and loses none of the moves', async () => {
      const tasks: Task[] = [];
      for (let n = 0; n < 8; n++) tasks.push(await one.add({ title: `${n}`, order: 7 }));
      const id = (n: number) => tasks[n % 8]?.id ?? 0;
      const moves = Array.from({ length: 40 }, (_, n) =>
        (n % 2 ? one : two).move(id(n), id(n * 3 + 1)),
      );
      for (const moved of await Promise.all(moves)) expect(moved).toBeDefined();
      await two.move(id(5), id(2));
      const ids = (await one.list()).map((task) => task.id);
      expect([...ids].sort((a, b) => a - b)).toEqual(tasks.map((task) => task.id));
      expect(ids.indexOf(id(5))).toBe(ids.indexOf(id(2)) + 1);
    });

    it('completes all while the other client moves and edits tasks', async () => {
      await addMany(one, 100);
      const tasks = await one.list();
      await Promise.all([
        one.completeAll(true),
        ...tasks.map(({ id }, n) =>
          n % 2 ? two.move(id, tasks[n - 1]?.id ?? null) : two.update(id, { title: `${n}!` }),
        ),
      ]);
      expect(await one.count()).toEqual({ active: 0, completed: 100 });
      expect((await two.list()).filter(({ title }) => title.endsWith('!'))).toHaveLength(50);
    });

    it('adds no more tasks than the maximum', async () => {
      await Promise.all(opened.map(({ close }) => close()));
      await open(5);
      const additions = Array.from({ length: 30 }, (_, n) =>
        (n % 2 ? one : two).add({ title: `${n}` }),
      );
      const results = await Promise.allSettled(additions);
      for (const { reason } of results.filter((result) => result.status === 'rejected')) {
        expect(reason).toBeInstanceOf(TaskLimitError);
      }
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
      expect(await one.count()).toEqual({ active: 5, completed: 0 });
      const [first] = await two.list();
      await two.remove(first?.id ?? 0);
      await one.add({ title: 'rum' });
      await expect(two.add({ title: 'tea' })).rejects.toBeInstanceOf(TaskLimitError);
    });
  });
}
