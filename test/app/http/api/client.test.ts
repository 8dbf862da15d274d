import { hc } from 'hono/client';
import { expect, expectTypeOf, test } from 'vitest';
import { createApp } from '../../../../src/app.ts';
import type { ApiType } from '../../../../src/http/api/index.ts';
import type { TaskResource } from '../../../../src/http/api/task-api.ts';
import type { ProblemDetails } from '../../../../src/http/errors/index.ts';
import { createMemoryTaskStore } from '../../../support/memory-task-store.ts';

const app = createApp({ store: createMemoryTaskStore() });
const client = hc<ApiType>('http://localhost', {
  fetch: (input: RequestInfo | URL, init?: RequestInit) => app.fetch(new Request(input, init), {}),
});

test('hc<ApiType>() makes a client that adds, lists, changes and deletes tasks', async () => {
  const added = await client.api.tasks.$post({ json: { title: 'milk', order: 2 } });
  if (added.status !== 201) throw new Error(`${added.status}`);
  const task = await added.json();
  expectTypeOf(task).toEqualTypeOf<TaskResource>();
  expect(task).toMatchObject({ title: 'milk', completed: false, order: 2 });

  const one = client.api.tasks[':id'];
  const param = { id: `${task.id}` };
  const patched = await one.$patch({ param, json: { completed: true } });
  expect(patched.status).toBe(200);

  const listed = await client.api.tasks.$get({ query: { completed: 'true', limit: '10' } });
  if (listed.status !== 200) throw new Error(`${listed.status}`);
  const tasks = await listed.json();
  expectTypeOf(tasks).toEqualTypeOf<TaskResource[]>();
  expect(tasks.map(({ id }) => id)).toEqual([task.id]);

  expect((await one.$delete({ param })).status).toBe(204);
  expect((await one.$get({ param })).status).toBe(404);
});

test('hc<ApiType>() infers the type of a body from the status', async () => {
  const refused = await client.api.tasks.$post({ json: { title: ' ' } });
  expectTypeOf(refused.status).toEqualTypeOf<201 | 400 | 406 | 415 | 422>();
  if (refused.status !== 422) throw new Error(`${refused.status}`);
  const problem = await refused.json();
  expectTypeOf(problem.errors).toEqualTypeOf<ProblemDetails['errors']>();
  expect(problem.errors?.map(({ pointer }) => pointer)).toEqual(['/title']);
});

// Held by the compiler, not by what runs.
test('hc<ApiType>() accepts only the inputs of the API', () => {
  const { tasks } = client.api;
  type NewTask = Parameters<typeof tasks.$post>[0]['json'];
  expectTypeOf<{ title: string; completed: boolean }>().toExtend<NewTask>();
  expectTypeOf<{ title: number }>().not.toExtend<NewTask>();
  expectTypeOf<{ completed: boolean }>().not.toExtend<NewTask>();
  type Query = Parameters<typeof tasks.$get>[0]['query'];
  expectTypeOf<{ completed: 'maybe' }>().not.toExtend<Query>();
});
