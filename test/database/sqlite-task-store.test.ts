import { openDatabase } from '../../src/database/open.ts';
import { testTaskStore } from '../contracts/task-store.ts';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';

const temporary = useTemporaryDirectory();

testTaskStore('createSqliteTaskStore() on a file', () =>
  openDatabase(`file:${temporary.newPath()}`),
);
testTaskStore('createSqliteTaskStore() in memory', () => openDatabase(':memory:'));
