import type { Task } from '../../src/tasks/task.ts';
import type { TaskFilter, TaskStore } from '../../src/tasks/task-store.ts';

/** Keeps tasks in a Map, for tests of what stands above the store. */
export function createMemoryTaskStore(): TaskStore {
  const tasks = new Map<number, Task>();
  let lastId = 0;

  const find = (id: number, version?: number) => {
    const task = tasks.get(id);
    return version === undefined || task?.version === version ? task : undefined;
  };
  const matching = ({ completed }: TaskFilter) =>
    [...tasks.values()]
      .filter((task) => completed === undefined || task.completed === completed)
      .sort(byPlace);

  return {
    async list({ completed, after, limit } = {}) {
      return matching({ completed })
        .filter((task) => after === undefined || byPlace(task, after) > 0)
        .slice(0, limit)
        .map(copy);
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
    async completeAll(completed) {
      const others = matching({ completed: !completed });
      for (const task of others) {
        tasks.set(task.id, { ...task, completed, version: task.version + 1 });
      }
      return others.length;
    },
    async remove(id, version) {
      return find(id, version) !== undefined && tasks.delete(id);
    },
    async removeAll(filter = {}) {
      const removed = matching(filter);
      for (const { id } of removed) tasks.delete(id);
      return removed.length;
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
