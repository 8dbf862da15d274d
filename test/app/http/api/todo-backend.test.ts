import { beforeEach, describe, expect, test } from 'vitest';
import { createApp } from '../../../../src/app.ts';
import { createMemoryTaskStore } from '../../../support/memory-task-store.ts';

// What https://todobackend.com asks of a server, by its specification's order; CORS is tested elsewhere.

interface Todo {
  readonly title: string;
  readonly completed: boolean;
  readonly order: number;
  readonly url: string;
}

const ROOT = 'http://localhost/api/tasks';
let app: ReturnType<typeof createApp>;

async function send(method: string, url: string, body?: object) {
  const json = body && {
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  };
  const response = await app.request(url, { method, ...json });
  const text = await response.text();
  return { status: response.status, json: text === '' ? undefined : JSON.parse(text) };
}

const get = async (url: string) => (await send('GET', url)).json;
const add = async (todo: object): Promise<Todo> => (await send('POST', ROOT, todo)).json;
const change = async (url: string, todo: object): Promise<Todo> =>
  (await send('PATCH', url, todo)).json;

beforeEach(() => {
  app = createApp({ store: createMemoryTaskStore() });
});

describe('the root', () => {
  test('responds to a GET', async () => {
    expect((await send('GET', ROOT)).status).toBe(200);
  });

  test('responds to a POST with the todo which was posted', async () => {
    expect(await add({ title: 'a todo' })).toMatchObject({ title: 'a todo' });
  });

  test('responds to a DELETE, after which a GET has an empty array', async () => {
    await add({ title: 'a todo' });
    expect((await send('DELETE', ROOT)).status).toBe(204);
    expect(await get(ROOT)).toEqual([]);
  });
});

describe('a new todo', () => {
  test('is in the list at the root', async () => {
    await add({ title: 'walk the dog' });
    expect(await get(ROOT)).toEqual([expect.objectContaining({ title: 'walk the dog' })]);
  });

  test('is not completed at first', async () => {
    const { completed } = await add({ title: 'blah' });
    expect(completed).toBe(false);
    expect(await get(ROOT)).toEqual([expect.objectContaining({ completed: false })]);
  });

  test('has a URL, in the answer and in the list, that leads to it', async () => {
    const todo = await add({ title: 'my todo' });
    expect(todo.url).toMatch(/^http:\/\//);
    expect(await get(todo.url)).toEqual(todo);
    expect(await get(ROOT)).toEqual([todo]);
  });

  test('may have an order', async () => {
    expect(await add({ title: 'blah', order: 523 })).toMatchObject({ order: 523 });
  });

  test('may have unknown members', async () => {
    const todo = await add({ title: 'blah', id: 'mine', owner: { name: 'me' } });
    expect(todo).toMatchObject({ title: 'blah', id: 1 });
    expect(todo).not.toHaveProperty('owner');
  });
});

describe('an existing todo', () => {
  test.each([
    ['title', { title: 'bathe the cat' }],
    ['completedness', { completed: true }],
    ['order', { order: 95 }],
    ['title, completedness and order', { title: 'changed', completed: true, order: 95 }],
  ])('changes its %s permanently by a PATCH', async (_, patch) => {
    const { url, ...before } = await add({ title: 'initial title', order: 10 });
    expect(await change(url, patch)).toEqual({ ...before, url, ...patch });
    expect(await get(url)).toMatchObject(patch);
    expect(await get(ROOT)).toEqual([expect.objectContaining(patch)]);
  });

  test('is deleted by a DELETE to its URL', async () => {
    const { url } = await add({ title: 'my todo' });
    expect((await send('DELETE', url)).status).toBe(204);
    expect(await get(ROOT)).toEqual([]);
    expect((await send('GET', url)).status).toBe(404);
  });
});
