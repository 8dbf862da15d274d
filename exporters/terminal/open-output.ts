import fs from 'node:fs';
import { Socket } from 'node:net';
import process from 'node:process';

/** Somewhere that bytes go, in the order of the calls. */
export interface Output {
  /** Resolves to how many of `bytes` were taken. Rejects with an errno `code`: EAGAIN, EPIPE, ... */
  write(bytes: Uint8Array): Promise<number>;
}

/**
 * Opens standard output (1) or standard error (2) so that a slow reader does not stop the program.
 *
 * - A file is written through the descriptor itself, which keeps the shell's position in it.
 * - Node and Bun write to a descriptor in a thread. A full pipe would hold that thread, and the end
 *   of the process with it, so a second, non-blocking description of the same pipe or terminal is
 *   opened; the first, which others may share, stays as it is. There is none for a socket, for
 *   another user's terminal, and without /proc (macOS, Windows): then the descriptor itself.
 * - Deno blocks the event loop when it writes to a descriptor, `process.stdout` included, and loses
 *   count of what a non-blocking one took. A socket object over the pipe does neither. A terminal
 *   cannot have one and is written to as it is.
 */
export function openOutput(descriptor: 1 | 2): Output {
  const stat = fs.fstatSync(descriptor);
  if (stat.isFile()) return descriptorOutput(descriptor);
  if ('deno' in process.versions) {
    const isStream = stat.isFIFO() || stat.isSocket();
    return isStream ? socketOutput(descriptor) : descriptorOutput(descriptor);
  }
  const { O_WRONLY, O_APPEND, O_NONBLOCK, O_NOCTTY } = fs.constants;
  try {
    const flags = O_WRONLY | O_APPEND | O_NONBLOCK | O_NOCTTY;
    return descriptorOutput(fs.openSync(`/proc/self/fd/${descriptor}`, flags));
  } catch {
    return descriptorOutput(descriptor);
  }
}

function descriptorOutput(descriptor: number): Output {
  return {
    write: (bytes) =>
      new Promise((resolve, reject) => {
        fs.write(descriptor, bytes, 0, bytes.length, null, (error, written) => {
          if (error) reject(error);
          else resolve(written);
        });
      }),
  };
}

function socketOutput(descriptor: number): Output {
  const socket = new Socket({ fd: descriptor, readable: false, writable: true });
  // The callback of write() gets the error as well; without a listener it would end the process.
  socket.on('error', () => {});
  return {
    write: (bytes) =>
      new Promise((resolve, reject) => {
        socket.write(bytes, (error) => {
          if (error) reject(error);
          else resolve(bytes.length);
        });
      }),
  };
}
