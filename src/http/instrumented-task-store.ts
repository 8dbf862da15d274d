import type { TaskStore } from '../tasks/index.ts';
import type { TaskTelemetry } from './task-telemetry.ts';

/** Wraps a store so that the app's telemetry records each change. */
export function instrumentTaskStore(store: TaskStore, telemetry: TaskTelemetry): TaskStore {
  return {
    list: (range) => store.list(range),
    count: () => store.count(),
    get: (id) => store.get(id),
    ping: () => store.ping(),
    async add(task) {
      const added = await store.add(task);
      telemetry.taskChanged('added', added.id);
      return added;
    },
    async update(id, patch, version) {
      const updated = await store.update(id, patch, version);
      if (updated) telemetry.taskChanged('updated', id);
      return updated;
    },
    async completeAll(completed) {
      const count = await store.completeAll(completed);
      if (count > 0) telemetry.tasksChanged('updated', count);
      return count;
    },
    async remove(id, version) {
      const removed = await store.remove(id, version);
      if (removed) telemetry.taskChanged('deleted', id);
      return removed;
    },
    async removeAll(filter) {
      const count = await store.removeAll(filter);
      if (count > 0) telemetry.tasksChanged('deleted', count);
      return count;
    },
  };
}
