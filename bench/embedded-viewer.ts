import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { summarize } from './statistics.ts';

const PROGRAM = fileURLToPath(new URL('request-loop.ts', import.meta.url));
const WARM_UP = 20_000;
const ROUNDS = 200;
const REQUESTS = 300;

/**
 * Measures the app with the exporter `tree`, without and with the viewer in it. The two processes work in turn, so
 * that a machine that becomes slower affects both. The warm-up fills the viewer, which then drops a trace for each.
 *
 * @returns microseconds of processor time per request that the viewer adds
 */
export async function measureEmbedded(): Promise<string> {
  const programs = [['tree'], ['tree', 'viewer']].map((exporters) =>
    fork(PROGRAM, exporters, { stdio: 'ignore' }),
  );
  await Promise.all(programs.map((program) => once(program, 'message')));
  for (const program of programs) await sendRequests(program, WARM_UP);
  const without: number[] = [];
  const added: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const micros: number[] = [];
    for (const program of programs) micros.push(await sendRequests(program, REQUESTS));
    const [none = 0, viewer = 0] = micros;
    without.push(none);
    added.push(viewer - none);
  }
  for (const program of programs) program.kill();
  const { median, lower, upper } = summarize(added);
  return (
    `${median.toFixed(1)} us (quartiles ${lower.toFixed(1)} to ${upper.toFixed(1)}) ` +
    `beside ${summarize(without).median.toFixed(1)} us`
  );
}

/** @returns microseconds of processor time per request */
async function sendRequests(program: ChildProcess, count: number): Promise<number> {
  program.send(count);
  const [micros] = await once(program, 'message');
  return micros;
}
