// `npm run bench:batches` measures how many milliseconds hostile batches cost the server.
import { stdout } from 'node:process';
import { HonoRequest } from 'hono/request';
import { parseBatch } from '../packages/opentelemetry-instrument/src/intake/parse-batch.ts';
import { readArguments } from '../script-arguments.ts';
import { readJsonBody } from '../src/http/read-json-body.ts';
import { hostileBatches } from '../test/support/hostile-batches.ts';
import { median } from './statistics.ts';

const RUNS = 200;

/** Reads a body as the app does. @returns the milliseconds that it took */
async function readOnce(body: Uint8Array<ArrayBuffer>): Promise<number> {
  const headers = { 'Content-Type': 'application/json' };
  const raw = new Request('http://localhost', { method: 'POST', headers, body });
  const request = new HonoRequest(raw);
  // Waiting for the body is not measured.
  await request.arrayBuffer();
  const startTime = performance.now();
  const read = await readJsonBody(request, ['application/json']);
  if (read.ok) parseBatch(read.value);
  return performance.now() - startTime;
}

readArguments({});
for (const [name, text] of hostileBatches) {
  const body = new TextEncoder().encode(text);
  const millis: number[] = [];
  for (let run = 0; run < RUNS; run += 1) millis.push(await readOnce(body));
  const least = Math.min(...millis).toFixed(2);
  stdout.write(`${name.padEnd(28)} ${least} at least, ${median(millis).toFixed(2)} median\n`);
}
