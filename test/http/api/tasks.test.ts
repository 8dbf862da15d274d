import { Buffer } from 'node:buffer';
import { beforeEach, describe, expect, test } from 'vitest';
import { createApp } from '../../../src/app.ts';
import { createTrustedProxies } from '../../../src/http/trusted-proxies.ts';
import type { TaskStore } from '../../../src/tasks/task-store.ts';
import { createMemoryTaskStore } from '../../support/memory-task-store.ts';
import { requestWithMethod } from '../../support/request-with-method.ts';

const JSON_TYPE = { 'Content-Type': 'application/json' };

let store: TaskStore;
let app: ReturnType<typeof createApp>;

beforeEach(() => {
  store = createMemoryTaskStore();
  app = createApp({ store, trustProxy: createTrustedProxies(['10.0.0.0/8']) });
});

const titles = async () => (await store.list()).map(({ title }) => title);

describe('GET /api/tasks', () => {
  test('has 100 tasks a page unless told otherwise', async () => {
    for (let i = 0; i < 101; i++) await store.add({ title: `${i}`, order: i });
    const first = await app.request('/api/tasks');
    expect(await first.json()).toHaveLength(100);
    const [, next = ''] = /^<([^>]+)>; rel="next"$/.exec(first.headers.get('link') ?? '') ?? [];
    const second = await app.request(next);
    expect(await second.json()).toMatchObject([{ title: '100' }]);
    expect(second.headers.get('link')).toBeNull();
  });

  test('goes on behind a task that was deleted between two pages', async () => {
    for (const order of [1, 2, 3]) await store.add({ title: `${order}`, order });
    const first = await app.request('/api/tasks?limit=2');
    await store.remove(2);
    const [, next = ''] = /<([^>]+)>/.exec(first.headers.get('link') ?? '') ?? [];
    expect(await (await app.request(next)).json()).toMatchObject([{ title: '3' }]);
  });

  test('keeps the filter in the link to the next page', async () => {
    for (const completed of [true, true, false]) await store.add({ title: 'milk', completed });
    const response = await app.request('/api/tasks?completed=true&limit=1');
    expect(response.headers.get('link')).toContain('completed=true&limit=1&after=');
  });

  test.each([
    ['limit=0', 'limit'],
    ['limit=1001', 'limit'],
    ['limit=1e2', 'limit'],
    ['limit=', 'limit'],
    ['completed=yes', 'completed'],
    ['completed=true&completed=false', 'completed'],
    ['after=MTAuMQ%00', 'after'],
    ['after=', 'after'],
  ])('answers ?%s with 422 and the parameter that is wrong', async (query, parameter) => {
    const response = await app.request(`/api/tasks?${query}`);
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ errors: [{ parameter }] });
  });

  test('leaves parameters alone that it does not know', async () => {
    expect((await app.request('/api/tasks?utm_source=mail')).status).toBe(200);
  });
});

describe('DELETE /api/tasks', () => {
  beforeEach(async () => {
    for (const completed of [true, false]) await store.add({ title: `${completed}`, completed });
  });

  test('deletes the tasks that are completed, where those are asked for', async () => {
    const response = await app.request('/api/tasks?completed=true', { method: 'DELETE' });
    expect(response.status).toBe(204);
    expect(await titles()).toEqual(['false']);
  });

  test.each(['complete=true', 'limit=1', 'completed=', '__proto__=1'])(
    'deletes nothing for ?%s',
    async (query) => {
      const response = await app.request(`/api/tasks?${query}`, { method: 'DELETE' });
      expect(response.status).toBe(422);
      expect(await response.text()).not.toMatch(/complete=|proto/);
      expect(await titles()).toHaveLength(2);
    },
  );
});

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
  ])('answers %s with 400, and says nothing of it', async (_, body) => {
    const response = await post(body);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      detail: 'The body is no JSON text in UTF-8.',
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
  ])('answers %s with 422 and pointers to all that is wrong', async (body, pointers) => {
    const response = await post(body);
    expect(response.status).toBe(422);
    const { errors } = (await response.json()) as { errors: { pointer: string }[] };
    expect(errors.map(({ pointer }) => pointer)).toEqual(pointers);
    expect(await titles()).toEqual([]);
  });

  test('takes the last value of a name that comes twice', async () => {
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

  test('takes nothing that is compressed', async () => {
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

  test('takes a merge patch, and leaves alone what it does not name', async () => {
    const response = await patch('{"completed":true}', {
      'Content-Type': 'application/merge-patch+json',
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('etag')).toBe('"2"');
    expect(await store.get(1)).toMatchObject({ title: 'milk', completed: true, order: 1 });
  });

  test('that changes nothing leaves the version as it was', async () => {
    for (const body of ['{}', '{"title":" milk "}', '{"title":"milk","order":1}']) {
      expect((await patch(body)).headers.get('etag')).toBe('"1"');
    }
  });

  test('says which patches there are', async () => {
    const response = await patch('[]', { 'Content-Type': 'application/json-patch+json' });
    expect(response.status).toBe(415);
    expect(response.headers.get('accept-patch')).toBe(
      'application/merge-patch+json, application/json',
    );
  });
});

describe('conditions', () => {
  beforeEach(async () => {
    await store.add({ title: 'milk' });
    await store.update(1, { title: 'bread' });
  });

  const send = (method: string, headers: Record<string, string>, path = '/api/tasks/1') =>
    app.request(path, {
      method,
      headers: { ...JSON_TYPE, ...headers },
      ...(method === 'PATCH' && { body: '{"completed":true}' }),
    });

  test.each([
    ['"2"', true],
    ['*', true],
    ['"1", "2"', true],
    ['"1"', false],
    ['W/"2"', false],
    ['2', false],
    ['', false],
  ])('If-Match: %s', async (tag, holds) => {
    const headers = { 'If-Match': tag };
    expect((await send('GET', headers)).status).toBe(holds ? 200 : 412);
    expect((await send('PATCH', headers)).status).toBe(holds ? 200 : 412);
    expect(await store.get(1)).toMatchObject({ completed: holds });
    const now = holds ? tag.replace('2', '3') : tag;
    expect((await send('DELETE', { 'If-Match': now })).status).toBe(holds ? 204 : 412);
    expect(await titles()).toHaveLength(holds ? 0 : 1);
  });

  test.each([
    ['"2"', false],
    ['W/"2"', false],
    ['*', false],
    ['"1" , W/"2"', false],
    ['"1"', true],
  ])('If-None-Match: %s', async (tag, holds) => {
    const headers = { 'If-None-Match': tag };
    const response = await send('GET', headers);
    expect(response.status).toBe(holds ? 200 : 304);
    expect(response.headers.get('etag')).toBe('"2"');
    expect((await send('PATCH', headers)).status).toBe(holds ? 200 : 412);
  });

  test('say nothing of a task that is not there: 404', async () => {
    for (const method of ['GET', 'PATCH', 'DELETE']) {
      expect((await send(method, { 'If-Match': '*' }, '/api/tasks/7')).status).toBe(404);
    }
  });

  test.each(['PATCH', 'DELETE'])(
    'let nobody %s what changes after they were looked at: 412',
    async (method) => {
      const racing: TaskStore = {
        ...store,
        async get(id) {
          const task = await store.get(id);
          await store.update(id, { order: 7 });
          return task;
        },
      };
      app = createApp({ store: racing });
      expect((await send(method, { 'If-Match': '"2"' })).status).toBe(412);
      expect(await store.get(1)).toMatchObject({ title: 'bread', completed: false, order: 7 });
    },
  );
});

test.each([
  '0',
  '-1',
  '01',
  '1.0',
  '1e3',
  'NaN',
  '9007199254740992',
  '__proto__',
  '%00',
  '%zz',
  '1%20or%201=1',
])('the id %s is that of no task: 404', async (id) => {
  await store.add({ title: 'milk' });
  for (const method of ['GET', 'DELETE']) {
    const response = await app.request(`/api/tasks/${id}`, { method });
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
  }
  expect(await titles()).toEqual(['milk']);
});

test.each([
  ['application/json', 200],
  ['application/*;q=0.1', 200],
  ['text/html, */*;q=0.8', 200],
  ['', 200],
  ['text/html', 406],
  ['application/json;q=0, */*', 406],
  ['*/*;q=0', 406],
])('Accept: %s', async (accept, status) => {
  const response = await app.request('/api/tasks', { headers: { Accept: accept } });
  expect(response.status).toBe(status);
});

describe('methods', () => {
  test.each([
    ['/api/tasks', 'GET, HEAD, POST, DELETE, OPTIONS'],
    ['/api/tasks/1', 'GET, HEAD, PATCH, DELETE, OPTIONS'],
    ['/api/openapi.json', 'GET, HEAD, OPTIONS'],
  ])('of %s are %s', async (path, allow) => {
    const options = await app.request(path, { method: 'OPTIONS' });
    expect([options.status, options.headers.get('allow')]).toEqual([204, allow]);
    for (const method of ['PUT', 'TRACE', 'PROPFIND']) {
      const response = await app.fetch(requestWithMethod(method, path), {});
      expect([response.status, response.headers.get('allow')]).toEqual([405, allow]);
      expect(response.headers.get('content-type')).toBe('application/problem+json');
    }
  });

  test('HEAD answers as GET does, without a body', async () => {
    await store.add({ title: 'milk' });
    for (const path of ['/api/tasks', '/api/tasks/1', '/api/openapi.json', '/api/tasks/7']) {
      const [head, get] = await Promise.all([
        app.request(path, { method: 'HEAD' }),
        app.request(path),
      ]);
      expect(head.status).toBe(get.status);
      expect([...head.headers]).toEqual([...get.headers]);
      expect(await head.text()).toBe('');
    }
  });
});

describe('the url of a task', () => {
  const forwarded = { 'X-Forwarded-Proto': 'https', 'X-Forwarded-Host': 'todo.example' };
  const urlFor = async (headers: Record<string, string>, address: string) => {
    const bindings = { peer: { address, port: 40_000 } };
    const response = await app.request('http://inner/api/tasks/1', { headers }, bindings);
    return ((await response.json()) as { url: string }).url;
  };

  beforeEach(async () => {
    await store.add({ title: 'milk' });
  });

  test('is what a trusted proxy was asked for', async () => {
    expect(await urlFor(forwarded, '10.0.0.9')).toBe('https://todo.example/api/tasks/1');
  });

  test("is the request's own for everybody else, and where a proxy forwards nonsense", async () => {
    expect(await urlFor(forwarded, '192.0.2.1')).toBe('http://inner/api/tasks/1');
    const nonsense = { ...forwarded, 'X-Forwarded-Host': '[' };
    expect(await urlFor(nonsense, '10.0.0.9')).toBe('http://inner/api/tasks/1');
  });
});
