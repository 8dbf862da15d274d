import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createApp } from '../../../../src/app.ts';
import { openDatabase } from '../../../../src/database/open.ts';
import type { TaskResource } from '../../../../src/http/api/task-api.ts';

/** The state of a task as a client knows it. */
interface Known {
  readonly id: number;
  readonly title: string;
  readonly completed: boolean;
  readonly order: number;
  readonly version: number;
}

const { store } = await openDatabase(':memory:');
const app = createApp({ store });

const fields = {
  title: fc.constantFrom('milk', 'bread', 'eggs'),
  completed: fc.boolean(),
  order: fc.integer({ min: -2, max: 2 }),
};
const place = fc.nat(5);
const operation = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('add' as const), task: fc.record(fields) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('change' as const),
      place,
      patch: fc.record(fields, { requiredKeys: [] }),
      condition: fc.constantFrom('none', 'current', 'stale', 'any'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('delete' as const),
      place,
      condition: fc.constantFrom('none', 'current', 'stale', 'any'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('clear' as const),
      completed: fc.option(fc.boolean()),
    }),
  },
);

type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

async function send(method: string, path: string, json?: object, ifMatch?: string) {
  const response = await app.request(path, {
    method,
    headers: {
      ...(json && { 'Content-Type': 'application/json' }),
      ...(ifMatch !== undefined && { 'If-Match': ifMatch }),
    },
    ...(json && { body: JSON.stringify(json) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    tag: response.headers.get('etag'),
    link: response.headers.get('link'),
    json: text && JSON.parse(text),
  };
}

/** Does it to the app, and returns what the tasks must be afterwards. */
async function apply(operation: Operation, tasks: readonly Known[]): Promise<readonly Known[]> {
  if (operation.kind === 'add') {
    const { status, json, tag } = await send('POST', '/api/tasks', operation.task);
    expect([status, tag]).toEqual([201, '"1"']);
    return [...tasks, { ...operation.task, id: json.id, version: 1 }];
  }
  if (operation.kind === 'clear') {
    const { completed } = operation;
    const query = completed === null ? '' : `?completed=${completed}`;
    expect((await send('DELETE', `/api/tasks${query}`)).status).toBe(204);
    return completed === null ? [] : tasks.filter((task) => task.completed !== completed);
  }
  const task = tasks[operation.place];
  const url = `/api/tasks/${task?.id ?? Number.MAX_SAFE_INTEGER}`;
  const tag = {
    none: undefined,
    current: `"${task?.version}"`,
    stale: `"${(task?.version ?? 0) + 1}"`,
    any: '*',
  }[operation.condition];
  const patch = operation.kind === 'change' ? operation.patch : undefined;
  const { status, ...answer } = await send(patch ? 'PATCH' : 'DELETE', url, patch, tag);
  if (task === undefined) {
    expect(status).toBe(404);
    return tasks;
  }
  if (operation.condition === 'stale') {
    expect(status).toBe(412);
    return tasks;
  }
  const others = tasks.filter((each) => each !== task);
  if (patch === undefined) {
    expect(status).toBe(204);
    return others;
  }
  const isChanged = Object.entries(patch).some(
    ([name, value]) => task[name as keyof Known] !== value,
  );
  const changed = { ...task, ...patch, version: task.version + Number(isChanged) };
  expect([status, answer.tag]).toEqual([200, `"${changed.version}"`]);
  return tasks.map((each) => (each === task ? changed : each));
}

/** Reads all pages of a list by following the links. */
async function readPages(limit: number, completed: boolean | null): Promise<TaskResource[]> {
  let link = `/api/tasks?limit=${limit}${completed === null ? '' : `&completed=${completed}`}`;
  const pages: TaskResource[][] = [];
  while (link) {
    const { json, link: next } = await send('GET', link);
    pages.push(json);
    link = /^<([^>]+)>; rel="next"$/.exec(next ?? '')?.[1] ?? '';
  }
  // No page is empty but that of an empty list, and none but the last is short.
  expect(pages.slice(0, -1).every((page) => page.length === limit)).toBe(true);
  expect(pages.length === 1 || pages.at(-1)?.length).toBeTruthy();
  return pages.flat();
}

test('the tasks match a model after any changes, on any number of pages', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(operation, { maxLength: 25 }),
      fc.integer({ min: 1, max: 4 }),
      fc.option(fc.boolean()),
      async (operations, limit, completed) => {
        await store.removeAll();
        let tasks: readonly Known[] = [];
        for (const each of operations) tasks = await apply(each, tasks);

        const expected = tasks
          .filter((task) => completed === null || task.completed === completed)
          .sort((a, b) => a.order - b.order || a.id - b.id)
          .map(({ version, ...task }) => expect.objectContaining(task));
        expect(await readPages(limit, completed)).toEqual(expected);
        for (const { id, version } of tasks) {
          expect((await send('GET', `/api/tasks/${id}`)).tag).toBe(`"${version}"`);
        }
      },
    ),
    { numRuns: 100 },
  );
});
