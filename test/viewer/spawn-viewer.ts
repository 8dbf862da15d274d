import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process, { execPath } from 'node:process';
import { currentRuntime, root } from '../support/app-command.ts';
import { waitUntil } from '../support/wait-until.ts';

/** A viewer in a separate process. */
export interface SpawnedViewer extends AsyncDisposable {
  readonly url: string;
  readonly httpUrl: string;
  readonly grpcUrl: string;
  readonly child: ChildProcess;
  readonly output: { stdout: string; stderr: string };
  /** Names of the received spans. */
  spanNames(): Promise<string[]>;
}

/**
 * The reason why a test cannot receive gRPC on the current runtime; undefined if it can. Deno 2.9.5 exits with
 * SIGSEGV in its HTTP/2 server, about once in 10,000 connections.
 */
export const grpcProblem: string | undefined =
  currentRuntime === 'deno' ? "Deno's HTTP/2 server sometimes ends with SIGSEGV" : undefined;

const FREE_PORTS = ['--port', '0', '--http_port', '0', '--grpc_port', '0'];

/** Starts the command on the current runtime, without waiting. */
export function startViewerCommand(args: readonly string[]) {
  const file = join(root, 'packages/opentelemetry-viewer/src/bin.ts');
  const before = currentRuntime === 'deno' ? ['run', '-A', file] : [file];
  const child = spawn(execPath, [...before, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    output.stderr += text;
  });
  const exited = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  return { child, output, exited };
}

/** Starts a viewer on free ports, and waits until it listens. */
export async function spawnViewer(args: readonly string[] = []): Promise<SpawnedViewer> {
  const { child, output, exited } = startViewerCommand([...FREE_PORTS, ...args]);
  const listening = () => /Viewer on (\S+)/.exec(output.stderr)?.[1];
  await waitUntil(
    () => listening() !== undefined || child.exitCode !== null,
    20_000,
    () => output.stderr,
  );
  const url = listening();
  const [, httpUrl = '', grpcUrl = ''] =
    /HTTP on (\S+), over gRPC on (\S+)/.exec(output.stderr) ?? [];
  if (url === undefined) throw new Error(`The viewer ended: ${output.stderr}`);
  return {
    url,
    httpUrl,
    grpcUrl,
    child,
    output,
    async spanNames() {
      const response = await fetch(`${httpUrl}/v1/traces`);
      const { resourceSpans } = (await response.json()) as {
        resourceSpans?: { scopeSpans: { spans: { name: string }[] }[] }[];
      };
      return (resourceSpans ?? [])
        .flatMap(({ scopeSpans }) => scopeSpans)
        .flatMap(({ spans }) => spans.map(({ name }) => name));
    },
    async [Symbol.asyncDispose]() {
      if (child.pid !== undefined && child.exitCode === null) process.kill(child.pid, 'SIGKILL');
      await exited;
    },
  };
}
