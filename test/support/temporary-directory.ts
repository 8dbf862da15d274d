import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** A directory for the databases of one test file, removed after its tests. */
export interface TemporaryDirectory {
  readonly path: string;
  /** A path in it that no other call has returned; there is no file yet. */
  newPath(): string;
}

export function useTemporaryDirectory(): TemporaryDirectory {
  const path = mkdtempSync(join(tmpdir(), 'todo-'));
  let count = 0;
  afterAll(() => rmSync(path, { recursive: true, force: true }));
  return {
    path,
    newPath() {
      count += 1;
      return join(path, `${count}.db`);
    },
  };
}
