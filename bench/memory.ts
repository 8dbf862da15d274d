// `npm run bench:memory`: memory that the program holds over 100,000 requests, on each runtime, with
// all three signals over OTLP and a collector that takes everything. Node runs the bundle.
import { stdout } from 'node:process';
import { readCount } from '../script-arguments.ts';
import { RUNTIME_NAMES, type RuntimeName } from '../test/support/app-command.ts';
import { bundle } from './bundle.ts';
import { startCountingCollector } from './counting-collector.ts';
import { postForm, sendRequests } from './load.ts';
import { startServer } from './server.ts';

const STEPS = 10;
const STEP = Math.ceil(readCount('requests', 100_000) / STEPS);
/** A task is deleted after this number of later tasks, when it surely exists. */
const TASKS = 20;

/**
 * Returns the n-th request of a mix in which state could pile up. Of ten requests, one adds a task, one
 * deletes one, one has a new path, and one continues a new trace.
 */
function mixedRequest(n: number): string {
  const round = Math.floor(n / 10);
  const id = n.toString(16).padStart(16, '1');
  switch (n % 10) {
    case 0:
      return postForm('/add', `task=task+${n}`);
    case 1:
      return postForm(`/delete/${Math.max(1, round - TASKS)}`, '');
    case 2:
      return `GET /nothing/${id} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
    case 3:
      return `GET / HTTP/1.1\r\nHost: localhost\r\ntraceparent: 00-${id}${id}-${id}-01\r\n\r\n`;
    default:
      return 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';
  }
}

function expectedStatus(n: number): number {
  return { 0: 303, 1: 303, 2: 404 }[n % 10] ?? 200;
}

async function measure(runtime: RuntimeName): Promise<void> {
  const collector = await startCountingCollector();
  const server = await startServer({
    runtime,
    entry: runtime === 'node' ? await bundle('source') : 'source',
    args: ['--otlp'],
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_METRIC_EXPORT_INTERVAL: '5000' },
  });
  const held = [server.residentBytes()];
  for (let step = 0; step < STEPS; step++) {
    const from = step * STEP;
    await sendRequests(
      server.port,
      STEP,
      (n) => mixedRequest(from + n),
      (n) => expectedStatus(from + n),
    );
    held.push(server.residentBytes());
  }
  const otherLines = await server.stop();
  collector.close();

  const megabytes = held.map((bytes) => (bytes / 1e6).toFixed(0));
  stdout.write(`${runtime}: ${megabytes.join(' ')} MB; ${collector.spans} spans received\n`);
  for (const line of otherLines) stdout.write(`  ${line}\n`);
}

stdout.write(`Memory at the start and after each ${STEP} requests:\n`);
for (const runtime of RUNTIME_NAMES) await measure(runtime);
