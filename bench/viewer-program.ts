import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { execPath } from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { processorMillis, residentBytes } from '../test/support/process-usage.ts';

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const SOURCE = 'packages/opentelemetry-viewer/src/bin.ts';
const BUNDLE = path('../dist/bench/viewer.js');
const PEER = path('node_modules/autotel-devtools/dist/cli.js');

/** A viewer in a separate process. */
export interface ViewerProgram {
  readonly url: string;
  readonly otlpUrl: string;
  /** Milliseconds until it listened. */
  readonly startMillis: number;
  /** Reads a response to its end. @throws Error unless its status is 200 */
  read(url: string, init?: RequestInit): Promise<string>;
  /** Sends an export request as protobuf over HTTP. */
  send(signal: 'traces' | 'logs', body: Uint8Array<ArrayBuffer>): Promise<void>;
  residentBytes(): number;
  /** User and system time in milliseconds, in steps of 10. */
  processorMillis(): number;
  stop(): Promise<void>;
}

/** Bundles the viewer into one file, so that no types are removed at its start. */
export function bundleViewer(): void {
  execFileSync(execPath, [path('../build.ts'), SOURCE, BUNDLE], { cwd: path('..') });
}

/** Starts the bundle. Linux only. */
export function startViewerProgram(): Promise<ViewerProgram> {
  const ports = ['--port', '0', '--http_port', '0', '--grpc_port', '0'];
  return startProgram([BUNDLE, ...ports], {
    otlpUrl: /^OTLP over HTTP on (http:\S+?),/m,
    url: /^Viewer on (\S+)/m,
  });
}

/** Starts autotel-devtools with the same number of traces. Its pages and its receiver have the same port. */
export function startPeerProgram(maxTraces: number): Promise<ViewerProgram> {
  const flags = ['--port', '0', '--grpc-port', '0', '--max-traces', String(maxTraces)];
  const url = /UI: +(http:\S+)/;
  return startProgram([PEER, ...flags], { otlpUrl: url, url });
}

/** @param patterns that find the URLs in the lines that the program prints when it listens */
async function startProgram(
  args: readonly string[],
  patterns: Readonly<Record<'otlpUrl' | 'url', RegExp>>,
): Promise<ViewerProgram> {
  const startedAt = performance.now();
  const child = spawn(execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const { pid = Number.NaN } = child;
  const ended = once(child, 'close');
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      output += `${line}\n`;
      if (Object.values(patterns).every((pattern) => pattern.test(output))) resolve();
    });
  }
  void ended.then(() => reject(new Error(`The viewer ended: ${output}`)));
  await promise;
  const startMillis = performance.now() - startedAt;
  const find = (pattern: RegExp) => pattern.exec(output)?.[1] ?? '';
  const [url, otlpUrl] = [find(patterns.url), find(patterns.otlpUrl)];

  async function read(address: string, init?: RequestInit): Promise<string> {
    const response = await fetch(address, init);
    const text = await response.text();
    if (response.status !== 200) throw new Error(`${address} responds ${response.status}: ${text}`);
    return text;
  }

  return {
    url,
    otlpUrl,
    startMillis,
    read,
    async send(signal, body) {
      const headers = { 'Content-Type': 'application/x-protobuf' };
      await read(`${otlpUrl}/v1/${signal}`, { method: 'POST', headers, body });
    },
    residentBytes: () => residentBytes(pid),
    processorMillis: () => processorMillis(pid),
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
