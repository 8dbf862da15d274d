import { testTaskStore } from '../../contracts/task-store.ts';
import { createMemoryTaskStore } from '../../support/memory-task-store.ts';

testTaskStore('createMemoryTaskStore()', async () => ({
  store: createMemoryTaskStore(),
  async close() {},
}));
