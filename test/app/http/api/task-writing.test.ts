import { Buffer } from 'node:buffer';
import { beforeEach, describe, expect, test } from 'vitest';
import { createApp } from '../../../../src/app.ts';
import type { TaskStore } from '../../../../src/tasks/task-store.ts';
import { createMemoryTaskStore } from '../../../support/memory-task-store.ts';

const JSON_TYPE = { 'Content-Type': 'application/json' };

let store: TaskStore;
let app: ReturnType<typeof createApp>;

beforeEach(() => {
  store = createMemoryTaskStore();
  app = createApp({ store });
});

const titles = async () => (await store.list()).map(({ title }) => title);

describe('POST /api/tasks', () => {
  const post = (body: BodyInit, headers: Record<string, string> = JSON_TYPE) =>
    app.request('/api/tasks', { method: 'POST', headers, body });

  test('answers 201 with the place and the version of the new task', async () => {
    const response = await post('{"title":" milk ","completed":true,"order":-3}');
    expect(response.status).toBe(201);
    expect(response.headers.get('location')).toBe('http://localhost/api/tasks/1');
    expect(response.headers.get('etag')).toBe('"1"');
    expect(await response.json()).toEqual({
      id: 1,
      title: 'milk',
      completed: true,
      order: -3,
      url: 'http://localhost/api/tasks/1',
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
  });

  test.each([
    ['an empty body', ''],
    ['half an object', '{"title":"milk"'],
    ['a form', 'title=milk'],
    ['NaN', '{"title":"milk","order":NaN}'],
    [
      'bytes that are not UTF-8',
      new Uint8Array([...Buffer.from('{"title":"'), 0xc3, 0x28, 0x22, 0x7d]),
    ],
    ['UTF-16', Buffer.from('{"title":"milk"}', 'utf16le')],
  ])('answers %s with 400 and does not quote it', async (_, body) => {
    const response = await post(body);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      detail: 'The body is not valid UTF-8 JSON.',
    });
    expect(await titles()).toEqual([]);
  });

  test.each([
    ['{}', ['/title']],
    ['{"title":5,"completed":"yes","order":1.5}', ['/title', '/completed', '/order']],
    ['{"title":null}', ['/title']],
    ['{"title":"\\ud800"}', ['/title']],
    ['{"title":"a\\u0000b"}', ['/title']],
    ['{"title":"milk","order":1e400}', ['/order']],
    ['{"title":"milk","order":9007199254740992}', ['/order']],
    ['{"title":"milk","completed":null}', ['/completed']],
    ['{"__proto__":{"title":"milk"}}', ['/title']],
    ['[]', ['']],
    ['"milk"', ['']],
    ['null', ['']],
  ])('answers %s with 422 and pointers to all errors', async (body, pointers) => {
    const response = await post(body);
    expect(response.status).toBe(422);
    const { errors } = (await response.json()) as { errors: { pointer: string }[] };
    expect(errors.map(({ pointer }) => pointer)).toEqual(pointers);
    expect(await titles()).toEqual([]);
  });

  test('uses the last of duplicate members', async () => {
    expect((await post('{"title":"milk","title":"bread"}')).status).toBe(201);
    expect(await titles()).toEqual(['bread']);
  });

  test.each([
    ['application/json; charset=utf-8', 201],
    ['Application/JSON;charset="UTF-8"', 201],
    ['application/json; charset=latin1', 415],
    ['application/merge-patch+json', 415],
    ['application/jsonp', 415],
    ['text/plain', 415],
    ['', 415],
  ])('answers the content type "%s" with %i', async (type, status) => {
    const response = await post('{"title":"milk"}', { 'Content-Type': type });
    expect(response.status).toBe(status);
    expect(response.headers.get('accept-post')).toBe(status === 415 ? 'application/json' : null);
  });

  test('rejects compressed bodies', async () => {
    const headers = { ...JSON_TYPE, 'Content-Encoding': 'gzip' };
    expect((await post('{"title":"milk"}', headers)).status).toBe(415);
  });
});

describe('PATCH /api/tasks/:id', () => {
  const patch = (body: string, headers: Record<string, string> = JSON_TYPE) =>
    app.request('/api/tasks/1', { method: 'PATCH', headers, body });

  beforeEach(async () => {
    await store.add({ title: 'milk', order: 1 });
  });

  test('applies a merge patch and keeps the other members', async () => {
    const response = await patch('{"completed":true}', {
      'Content-Type': 'application/merge-patch+json',
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('etag')).toBe('"2"');
    expect(await store.get(1)).toMatchObject({ title: 'milk', completed: true, order: 1 });
  });

  test('PATCH without a change keeps the version', async () => {
    for (const body of ['{}', '{"title":" milk "}', '{"title":"milk","order":1}']) {
      expect((await patch(body)).headers.get('etag')).toBe('"1"');
    }
  });

  test('lists the supported patch formats', async () => {
    const response = await patch('[]', { 'Content-Type': 'application/json-patch+json' });
    expect(response.status).toBe(415);
    expect(response.headers.get('accept-patch')).toBe(
      'application/merge-patch+json, application/json',
    );
  });
});
