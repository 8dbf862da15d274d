import process from 'node:process';
import type { Fetch, Runtime, ServeOptions, Server } from 'todo-runtimes';

/** Thrown when the server cannot listen. The message is human-readable and needs no stack trace. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

/** Starts the server and returns its URL. @throws ListenError with the cause and a fix */
export async function listen(
  runtime: Runtime,
  fetch: Fetch,
  options: ServeOptions,
): Promise<Server & { readonly url: string }> {
  try {
    const server = await runtime.serve(fetch, options);
    const host = options.hostname.includes(':') ? `[${options.hostname}]` : options.hostname;
    return { ...server, url: `http://${host}:${server.port}` };
  } catch (error) {
    throw new ListenError(explainListenError((error as { code?: string }).code, options, error), {
      cause: error,
    });
  }
}

function explainListenError(
  code: string | undefined,
  options: ServeOptions,
  error: unknown,
): string {
  const { hostname, port } = options;
  switch (code) {
    case 'EADDRINUSE':
      return port === 5000 && process.platform === 'darwin'
        ? 'Port 5000 is already in use, on macOS usually by AirPlay Receiver: turn that off in System Settings > General > AirDrop & Handoff, or choose another port with --port.'
        : `Port ${port} of ${hostname} is already in use: stop the program that uses it, or choose another port with --port.`;
    case 'EACCES':
      return `This user may not listen on port ${port}: choose one above 1023 with --port.`;
    default:
      return `Cannot listen on ${hostname}, port ${port} (${code ?? error}): choose an address of this machine with --host.`;
  }
}
