import process from 'node:process';
import type { Fetch, Runtime, ServeOptions, Server } from 'todo-runtimes';

/** A server's address that cannot be had. The message is for a person and needs no stack trace. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

/** Serves and says where. @throws ListenError with what was found and what to do */
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
    throw new ListenError(explain((error as { code?: string }).code, options, error), {
      cause: error,
    });
  }
}

function explain(code: string | undefined, options: ServeOptions, error: unknown): string {
  const { hostname, port } = options;
  switch (code) {
    case 'EADDRINUSE':
      return port === 5000 && process.platform === 'darwin'
        ? 'Port 5000 is taken, on macOS usually by AirPlay Receiver: turn that off in System Settings > General > AirDrop & Handoff, or choose another port with --port.'
        : `Port ${port} of ${hostname} is taken: stop the program that holds it, or choose another port with --port.`;
    case 'EACCES':
      return `This user may not listen on port ${port}: choose one above 1023 with --port.`;
    default:
      return `Cannot listen on ${hostname}, port ${port} (${code ?? error}): give an address of this machine with --host.`;
  }
}
