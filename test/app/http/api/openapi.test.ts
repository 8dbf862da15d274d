import { Validator } from '@seriousme/openapi-schema-validator';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createApp } from '../../../../src/app.ts';
import { formatCursor } from '../../../../src/http/api/cursor.ts';
import { createMemoryTaskStore } from '../../../support/memory-task-store.ts';
import { readRepositoryFile } from '../../../support/repository-files.ts';

const app = createApp({ store: createMemoryTaskStore() });
const read = () => app.request('/api/openapi.json');

test('GET /api/openapi.json is valid against the schema of OpenAPI 3.1', async () => {
  const response = await read();
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(response.headers.get('cache-control')).toBe('max-age=300');
  const document = (await response.json()) as { openapi: string };
  expect(document.openapi).toMatch(/^3\.1\./);
  expect(await new Validator().validate(document)).toEqual({ valid: true });
});

test('the document has the version of package.json', async () => {
  const { info } = (await (await read()).json()) as { info: { version: string } };
  expect(info.version).toBe(JSON.parse(readRepositoryFile('package.json')).version);
});

test('the document describes each route of the API, and no other', async () => {
  const { paths } = (await (await read()).json()) as { paths: Record<string, object> };
  const described = Object.entries(paths).flatMap(([path, item]) =>
    Object.keys(item)
      .filter((key) => key !== 'parameters')
      .map((method) => `${method.toUpperCase()} ${path}`),
  );
  const routes = app.routes
    .filter(
      ({ method, path }) =>
        path.startsWith('/api/tasks') && method !== 'ALL' && method !== 'OPTIONS',
    )
    .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`);
  expect(new Set(described)).toEqual(new Set(routes));
});

test('every reference within the document leads somewhere', async () => {
  const text = await (await read()).text();
  const document = JSON.parse(text);
  const references = [...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = '']) => path);
  expect(references.length).toBeGreaterThan(20);
  for (const path of references) {
    const target = path.split('/').reduce((part, key) => part?.[key], document);
    expect(target, path).toBeDefined();
  }
});

test('the document declares that the API needs no credentials', async () => {
  expect(await (await read()).json()).toMatchObject({ security: [] });
});

test('the pattern of `after` matches every cursor, and no other text', async () => {
  const { paths } = (await (await read()).json()) as {
    paths: {
      '/api/tasks': { get: { parameters: { name?: string; schema: { pattern: string } }[] } };
    };
  };
  const after = paths['/api/tasks'].get.parameters.find(({ name }) => name === 'after');
  const pattern = new RegExp(after?.schema.pattern ?? '');
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.maxSafeNat(), (order, id) => {
      expect(formatCursor({ order, id })).toMatch(pattern);
    }),
    {
      examples: [
        [0, 1],
        [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
      ],
    },
  );
  for (const text of ['', 'abc', 'MS4x=', '1.1', 'a'.repeat(47), 'MS4x\n']) {
    expect(text).not.toMatch(pattern);
  }
});
