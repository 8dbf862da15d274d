import { HonoRequest } from 'hono/request';
import { expect, test } from 'vitest';
import { parseBatch } from '../../../../packages/opentelemetry-instrument/src/intake/parse-batch.ts';
import { readJsonBody } from '../../../../src/http/read-json-body.ts';
import { hostileBatches } from '../../../support/hostile-batches.ts';

// `npm run bench:batches` measures the times. A batch that took seconds would also fail here.
test.each(hostileBatches)(
  '64 kB of %s are refused, or read as no more than 100 spans',
  async (_, body) => {
    expect(new TextEncoder().encode(body).length).toBeLessThanOrEqual(64 * 1024);
    const headers = { 'Content-Type': 'application/json' };
    const request = new HonoRequest(
      new Request('http://localhost', { method: 'POST', headers, body }),
    );
    const read = await readJsonBody(request, ['application/json']);
    const batch = read.ok ? parseBatch(read.value) : undefined;
    expect(batch?.spans.length ?? 0).toBeLessThanOrEqual(100);
  },
);
