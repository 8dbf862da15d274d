import type { Task } from '../../src/tasks/task.ts';
import type { TaskStore } from '../../src/tasks/task-store.ts';

/** Keeps tasks in a Map, for tests of what stands above the store. */
export function createMemoryTaskStore(): TaskStore {
  const tasks = new Map<number, Task>();
  let lastId = 0;

  return {
    async list() {
      return [...tasks.values()].map(copy);
    },
    async count() {
      return tasks.size;
    },
    async add({ title }) {
      lastId += 1;
      const task = { id: lastId, title, completed: false, createdAt: new Date() };
      tasks.set(task.id, task);
      return copy(task);
    },
    async update(id, patch) {
      const task = tasks.get(id);
      if (task === undefined) return undefined;
      const updated = { ...task, ...patch };
      tasks.set(id, updated);
      return copy(updated);
    },
    async remove(id) {
      return tasks.delete(id);
    },
    async ping() {},
  };
}

function copy(task: Task): Task {
  return { ...task, createdAt: new Date(task.createdAt) };
}
