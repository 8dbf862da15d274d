import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { createApp } from '../../../../src/app.ts';
import { openDatabase } from '../../../../src/database/open.ts';
import { type Operation, readOpenApi } from '../../../support/open-api.ts';
import { type ArbitraryRequest, arbitraryRequest, EXISTING_ID } from './arbitrary-requests.ts';

const { store } = await openDatabase(':memory:');
const app = createApp({ store });
const { operations, objections } = await readOpenApi(app.fetch);

beforeEach(async () => {
  await store.removeAll();
});

/** Sends a request, and checks the response against the document. */
async function send({ responses }: Operation, request: ArbitraryRequest) {
  const { url, ...init } = request;
  const response = await app.fetch(new Request(url, init as RequestInit), {});
  const { status } = response;
  const documented = responses[status];
  if (documented === undefined) throw new Error(`${status} is not documented`);
  expect(status).toBeLessThan(500);

  for (const [name, { schema }] of Object.entries(documented.headers ?? {})) {
    const value = response.headers.get(name);
    if (value === null) expect(name, 'a header that may be missing').toBe('Link');
    else expect(objections(schema, value), name).toBe('');
  }
  const [[type, media] = []] = Object.entries(documented.content ?? {});
  const text = await response.text();
  expect(response.headers.get('content-type')).toBe(type ?? null);
  if (media === undefined) expect(text).toBe('');
  else expect(objections(media.schema, JSON.parse(text)), text).toBe('');
  return response;
}

describe.each(
  operations.map((operation) => [operation.method, operation.path, operation] as const),
)('%s %s', (_method, _path, operation) => {
  test('responds to any input as documented, and never with a server error', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryRequest(operation), async (request) => {
        const { id } = (await store.list({ limit: 1 }))[0] ?? (await store.add({ title: 'milk' }));
        await send(operation, { ...request, url: request.url.replace(EXISTING_ID, `${id}`) });
      }),
      { numRuns: 300 },
    );
  });
});

const bodies = operations.flatMap((operation) =>
  operation.bodySchema ? [[operation.operationId, operation, operation.bodySchema] as const] : [],
);

test.each(bodies)('%s accepts exactly the documented bodies', async (_, operation, schema) => {
  const { id } = await store.add({ title: 'milk' });
  const seen = new Set<number>();
  await fc.assert(
    fc.asyncProperty(arbitraryRequest(operation), async ({ method, body }) => {
      const input = parse(body);
      if (input === undefined) return;
      const url = `http://localhost${operation.path.replace('{id}', `${id}`)}`;
      const headers = { 'Content-Type': 'application/json' };
      const { status } = await send(operation, { url, method, headers, body });
      seen.add(status);
      expect(status === 422).toBe(objections(schema, input) !== '');
    }),
    { numRuns: 500 },
  );
  expect(seen.size, 'bodies of both kinds').toBe(2);
});

/**
 * Parses a body. Returns undefined for invalid JSON, for more than 64 kB, and for lone surrogates,
 * which no portable pattern can exclude.
 */
function parse(body: ArbitraryRequest['body']): unknown {
  if (typeof body !== 'string' || Buffer.byteLength(body) > 65_536) return undefined;
  try {
    const value: unknown = JSON.parse(body.replace(/^\ufeff/, ''));
    return /\\ud[89a-f]/.test(JSON.stringify(value)) ? undefined : value;
  } catch {
    return undefined;
  }
}
