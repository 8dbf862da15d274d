import type { Task } from '../../src/tasks/task.ts';
import type { TaskFilter, TaskStore } from '../../src/tasks/task-store.ts';

/** Keeps tasks in a Map, for tests of what stands above the store. */
export function createMemoryTaskStore(): TaskStore {
  const tasks = new Map<number, Task>();
  const removed = new Map<number, { task: Task; at: number }>();
  let lastId = 0;

  const drop = (task: Task) => {
    removed.set(task.id, { task, at: Date.now() });
    return tasks.delete(task.id);
  };

  const find = (id: number, version?: number) => {
    const task = tasks.get(id);
    return version === undefined || task?.version === version ? task : undefined;
  };
  const matching = ({ completed }: TaskFilter) =>
    [...tasks.values()]
      .filter((task) => completed === undefined || task.completed === completed)
      .sort(byPlace);

  return {
    async list({ completed, after, before, limit = Number.POSITIVE_INFINITY } = {}) {
      const found = matching({ completed })
        .filter((task) => after === undefined || byPlace(task, after) > 0)
        .filter((task) => before === undefined || byPlace(task, before) < 0);
      return (before ? found.slice(-limit) : found.slice(0, limit)).map(copy);
    },
    async count() {
      const completed = matching({ completed: true }).length;
      return { active: tasks.size - completed, completed };
    },
    async get(id) {
      const task = tasks.get(id);
      return task && copy(task);
    },
    async add({ title, completed = false, order }) {
      lastId += 1;
      const createdAt = new Date();
      const place = order ?? createdAt.getTime();
      const task = { id: lastId, title, completed, order: place, createdAt, version: 1 };
      tasks.set(task.id, task);
      return copy(task);
    },
    async update(id, patch, version) {
      const task = find(id, version);
      if (task === undefined) return undefined;
      const updated = {
        ...task,
        title: patch.title ?? task.title,
        completed: patch.completed ?? task.completed,
        order: patch.order ?? task.order,
      };
      const changes =
        updated.title !== task.title ||
        updated.completed !== task.completed ||
        updated.order !== task.order;
      if (changes) updated.version += 1;
      tasks.set(id, updated);
      return copy(updated);
    },
    async move(id, after) {
      const task = tasks.get(id);
      if (after === id) return task && copy(task);
      const others = matching({}).filter((other) => other.id !== id);
      const place = after === null ? 0 : others.findIndex((other) => other.id === after) + 1;
      if (task === undefined || (after !== null && place === 0)) return undefined;
      const low = others[place - 1] ?? { order: Number.MIN_SAFE_INTEGER, id: 0 };
      const high = others[place] ?? {
        order: Math.max(
          task.order,
          low.order > Date.now()
            ? Math.min(low.order + 2_000, Number.MAX_SAFE_INTEGER)
            : Date.now(),
        ),
        id: Number.MAX_SAFE_INTEGER,
      };
      const isBetween = (order: number) =>
        byPlace({ order, id }, low) > 0 && byPlace({ order, id }, high) < 0;
      if (isBetween(task.order)) return copy(task);
      let order = Math.max(
        low.order + Math.floor((high.order - low.order) / 2),
        high.order - 1_000,
      );
      if (!isBetween(order)) {
        // Makes room: the earlier tasks move back in time, as far as they are too close.
        for (const [index, other] of others.slice(0, place).reverse().entries()) {
          const latest = high.order - 1_000 * (index + 1);
          if (other.order <= latest) continue;
          if (latest < Number.MIN_SAFE_INTEGER) return undefined;
          tasks.set(other.id, { ...other, order: latest, version: other.version + 1 });
        }
        order = high.order - 500;
        if (place === 0) return undefined;
      }
      const moved = { ...task, order, version: task.version + 1 };
      tasks.set(id, moved);
      return copy(moved);
    },
    async completeAll(completed) {
      const others = matching({ completed: !completed });
      for (const task of others) {
        tasks.set(task.id, { ...task, completed, version: task.version + 1 });
      }
      return others.length;
    },
    async remove(id, version) {
      const task = find(id, version);
      return task !== undefined && drop(task);
    },
    async removeAll(filter = {}) {
      const found = matching(filter);
      for (const task of found) drop(task);
      return found.length;
    },
    async restore(which) {
      let count = 0;
      for (const { task, at } of removed.values()) {
        const isMeant =
          'id' in which
            ? task.id === which.id
            : task.completed && at >= which.from && at <= which.to;
        if (!isMeant || tasks.has(task.id)) continue;
        tasks.set(task.id, { ...task, version: task.version + 1 });
        count += 1;
      }
      return count;
    },
    async ping() {},
  };
}

type TaskPosition = Pick<Task, 'order' | 'id'>;

function byPlace(a: TaskPosition, b: TaskPosition): number {
  return a.order - b.order || a.id - b.id;
}

function copy(task: Task): Task {
  return { ...task, createdAt: new Date(task.createdAt) };
}
