import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TaskStore } from '../../src/tasks/task-store.ts';

/** A store and what has to be done when it is no longer needed. */
export interface OpenTaskStore {
  readonly store: TaskStore;
  /** Adds tasks at once, if a statement for each takes too long. @default a statement for each */
  addMany?(count: number, completed: boolean): Promise<void>;
  close(): Promise<void>;
}

/**
 * Tests the contract of every TaskStore.
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

    function addThousands(count: number, completed = false): Promise<void> {
      return opened.addMany?.(count, completed) ?? addMany(store, count, completed);
    }

    it('begins empty', async () => {
      expect(await store.list()).toEqual([]);
      expect(await store.count()).toEqual({ active: 0, completed: 0 });
    });

    it('creates an open task with an id and the time', async () => {
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

    it('lists and counts tasks, the oldest first', async () => {
      const added = [
        await store.add({ title: 'b' }),
        await store.add({ title: 'c' }),
        await store.add({ title: 'a' }),
      ];
      expect(await store.list()).toEqual(added);
      expect(await store.count()).toEqual({ active: 3, completed: 0 });
    });

    it('keeps all tasks that are added concurrently', async () => {
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
    ])('returns the title %j unchanged', async (title) => {
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

    it('changes neither task nor version if the values are the same', async () => {
      const task = await store.add({ title: 'milk' });
      expect(await store.update(task.id, {})).toEqual(task);
      const { title, completed, order } = task;
      expect(await store.update(task.id, { title, completed, order })).toEqual(task);
    });

    it('gets a task, or undefined', async () => {
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

    it('moves a task directly after another one, or to the start, and changes no other one', async () => {
      const [a, b, c, d] = [
        await store.add({ title: 'a', order: 0 }),
        await store.add({ title: 'b', order: 10 }),
        await store.add({ title: 'c', order: 5_000 }),
        await store.add({ title: 'd', order: 9_000 }),
      ];
      const titles = async () => (await store.list()).map(({ title }) => title).join('');
      const moved = await store.move(d.id, a.id);
      expect(moved).toEqual({ ...d, order: 5, version: 2 });
      expect(await titles()).toBe('adbc');
      expect(await store.list()).toEqual([a, moved, b, c]);
      expect(await store.move(c.id, null)).toMatchObject({ version: 2 });
      expect(await titles()).toBe('cadb');
      await store.move(c.id, b.id);
      expect(await titles()).toBe('adbc');
      await store.move(a.id, d.id);
      expect(await titles()).toBe('dabc');
      expect(await store.get(b.id)).toEqual(b);
    });

    it('keeps new tasks last after a move to the end', async () => {
      const a = await store.add({ title: 'a' });
      const b = await store.add({ title: 'b' });
      for (const [id, after] of [
        [a.id, b.id],
        [b.id, a.id],
        [a.id, b.id],
      ] as const) {
        expect((await store.move(id, after))?.order).toBeLessThanOrEqual(Date.now());
      }
      await store.add({ title: 'new' });
      expect((await store.list()).map(({ title }) => title)).toEqual(['b', 'a', 'new']);
    });

    it('makes room between equal numbers by moving earlier tasks back, with new versions', async () => {
      const ids = new Map<string, number>();
      for (const title of 'abcdef') ids.set(title, (await store.add({ title, order: 7 })).id);
      const id = (title: string) => ids.get(title) ?? 0;
      const far = await store.add({ title: 'far', order: -1_000_000 });
      await store.move(id('f'), id('b'));
      const listed = await store.list();
      expect(listed.map(({ title }) => title)).toEqual(['far', 'a', 'b', 'f', 'c', 'd', 'e']);
      expect(listed[0]).toEqual(far);
      expect(listed.map(({ version }) => version)).toEqual([1, 2, 2, 2, 1, 1, 1]);
      for (const { order } of listed) expect(order).toBeLessThanOrEqual(7);
    });

    it('moves many tasks to random places, each directly after another one', async () => {
      let expected: number[] = [];
      for (let n = 0; n < 8; n++)
        expected.push((await store.add({ title: `${n}`, order: n >> 2 })).id);
      // A store that adds many at once is slow: each call takes milliseconds.
      const moves = opened.addMany ? 50 : 200;
      for (let n = 0; n < moves; n++) {
        const id = expected[(n * 7 + 3) % 8] ?? 0;
        const others = expected.filter((other) => other !== id);
        const place = (n * 5 + (n >> 3)) % 8;
        expect((await store.move(id, others[place - 1] ?? null))?.id).toBe(id);
        expected = [...others.slice(0, place), id, ...others.slice(place)];
        expect((await store.list()).map((task) => task.id)).toEqual(expected);
      }
      expect((await store.list()).every(({ order }) => Number.isSafeInteger(order))).toBe(true);
    });

    it('leaves a task alone that is in its place, and its version', async () => {
      const a = await store.add({ title: 'a' });
      expect(await store.move(a.id, null)).toEqual(a);
      const b = await store.add({ title: 'b', order: Date.now() + 60_000 });
      expect(await store.move(a.id, null)).toEqual(a);
      expect(await store.move(b.id, a.id)).toEqual(b);
      expect(await store.move(b.id, b.id)).toEqual(b);
      expect(await store.list()).toEqual([a, b]);
    });

    it('does not move a task that is not there, or after one that is not', async () => {
      const task = await store.add({ title: 'milk', order: 7 });
      const other = await store.add({ title: 'tea', order: 7 });
      expect(await store.move(other.id + 1, task.id)).toBeUndefined();
      expect(await store.move(other.id + 1, other.id + 1)).toBeUndefined();
      expect(await store.move(task.id, other.id + 1)).toBeUndefined();
      expect(await store.list()).toEqual([task, other]);
    });

    it('moves next to the largest and the smallest numbers, and finds no place before those', async () => {
      const smallest = await store.add({ title: 'a', order: Number.MIN_SAFE_INTEGER });
      const largest = await store.add({ title: 'z', order: Number.MAX_SAFE_INTEGER });
      const b = await store.add({ title: 'b', order: 0 });
      expect(await store.move(b.id, null)).toBeUndefined();
      await store.move(smallest.id, largest.id);
      expect((await store.list()).map(({ title }) => title)).toEqual(['b', 'z', 'a']);
      for (const { order } of await store.list()) expect(Number.isSafeInteger(order)).toBe(true);
    });

    it('lists by state, after a task, and up to a limit', async () => {
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
      expect(await titles({ before: tasks[4], limit: 2 })).toBe('23');
      expect(await titles({ before: tasks[4], completed: true })).toBe('03');
      expect(await titles({ before: tasks[4], completed: false, limit: 1 })).toBe('2');
      expect(await titles({ before: tasks[0] })).toBe('');
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

    it('completes all and reopens all, and returns the number of changes', async () => {
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

    it('removes all, or all of one state, and returns their number', async () => {
      await store.add({ title: 'milk', completed: true });
      const kept = await store.add({ title: 'tea' });
      expect(await store.removeAll({ completed: true })).toBe(1);
      expect(await store.list()).toEqual([kept]);
      expect(await store.removeAll()).toBe(1);
      expect(await store.removeAll()).toBe(0);
      expect(await store.list()).toEqual([]);
    });

    it('changes and removes thousands of tasks without blocking other calls', async () => {
      await addThousands(2_500);
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

    it("terminates when two callers undo each other's work", async () => {
      await addThousands(2_500);
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

    it('restores a removed task once, with a new version, so that an older one does not match', async () => {
      const task = await store.add({ title: 'milk', completed: true, order: -7 });
      const other = await store.add({ title: 'tea' });
      await store.remove(task.id);
      expect(await store.restore({ id: other.id })).toBe(0);
      expect(await store.restore({ id: task.id })).toBe(1);
      expect(await store.restore({ id: task.id })).toBe(0);
      expect(await store.list()).toEqual([{ ...task, version: 2 }, other]);
      await store.update(task.id, { title: 'oat milk' });
      await store.remove(task.id);
      expect(await store.restore({ id: task.id })).toBe(1);
      expect(await store.get(task.id)).toEqual({ ...task, title: 'oat milk', version: 4 });
    });

    it('restores the completed tasks that were removed within a period', async () => {
      const milk = await store.add({ title: 'milk', completed: true });
      const tea = await store.add({ title: 'tea' });
      await store.remove(tea.id);
      await addThousands(2_500, true);
      const from = Date.now();
      expect(await store.removeAll({ completed: true })).toBe(2_501);
      const to = Date.now();
      expect(await store.restore({ from: to + 1, to: to + 1_000 })).toBe(0);
      expect(await store.restore({ from: from - 1_000, to: from - 1 })).toBe(0);
      expect(await store.restore({ from, to })).toBe(2_501);
      expect(await store.count()).toEqual({ active: 0, completed: 2_501 });
      expect(await store.get(milk.id)).toEqual({ ...milk, version: 2 });
    });

    it('never reuses the id of a removed task', async () => {
      const { id } = await store.add({ title: 'milk' });
      await store.remove(id);
      expect((await store.add({ title: 'tea' })).id).toBeGreaterThan(id);
    });

    it('returns copies of the stored tasks', async () => {
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

/** Adds tasks, of which several may be under way at once. */
export async function addMany(store: TaskStore, count: number, completed = false): Promise<void> {
  for (let n = 0; n < count; n += 100) {
    const size = Math.min(100, count - n);
    await Promise.all(
      Array.from({ length: size }, (_, index) => store.add({ title: `${n + index}`, completed })),
    );
  }
}
