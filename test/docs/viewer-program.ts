import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from '../support/app-command.ts';

const NODE = join(root, 'node_modules/.bin/node');
const BIN = join(root, 'packages/opentelemetry-viewer/src/bin.ts');
const FREE_PORTS = ['--port', '0', '--http_port', '0', '--grpc_port', '0'];
/** The exit code of the command in `npx opentelemetry-viewer -- command`. */
export const WRAPPED_EXIT_CODE = 3;
const WRAPPED = `console.log(process.env.OTEL_EXPORTER_OTLP_ENDPOINT); process.exitCode = ${WRAPPED_EXIT_CODE}`;

/** The viewer, running. */
export interface ViewerProgram {
  readonly url: string;
  /** Output of the wrapped command. */
  readonly stdout: string;
  readonly exitCode: Promise<number | null>;
  stop(): Promise<void>;
}

/**
 * Starts `npx opentelemetry-viewer ...` on free ports, with a file of the test and a command that prints the endpoint
 * that it gets.
 * @throws if the viewer exits before it listens
 */
export async function startViewerProgram(command: string, file: string): Promise<ViewerProgram> {
  const words = command.replace('runs.db', file).split(' ').slice(2);
  const end = words.indexOf('--');
  const flags = end === -1 ? words : words.slice(0, end);
  const wrapped = end === -1 ? [] : ['--', NODE, '-e', WRAPPED];
  const child = spawn(NODE, [BIN, ...flags, ...FREE_PORTS, ...wrapped], { cwd: root });
  const exitCode = once(child, 'close').then(([code]: (number | null)[]) => code ?? null);
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  for await (const line of createInterface({ input: child.stderr })) {
    const [, url] = /^Viewer on (\S+)/.exec(line) ?? [];
    if (url === undefined) continue;
    return {
      url,
      exitCode,
      get stdout() {
        return stdout;
      },
      async stop() {
        child.kill();
        await exitCode;
      },
    };
  }
  throw new Error(`${command} ended with ${await exitCode} before it listened`);
}
