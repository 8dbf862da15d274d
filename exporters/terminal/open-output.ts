import fs from 'node:fs';
import { Socket } from 'node:net';
import process from 'node:process';

/** A destination of bytes, which keeps the order of the calls. */
export interface Output {
  /** Resolves to the number of bytes written. Rejects with an errno `code`: EAGAIN, EPIPE, ... */
  write(bytes: Uint8Array): Promise<number>;
}

/**
 * Opens standard output (1) or standard error (2) so that a slow reader does not block the program.
 *
 * - A file is written through the descriptor itself, which keeps the shell's position in the file.
 * - Node and Bun write to a descriptor in a thread. A full pipe would block that thread and the exit of the
 *   process. So a second, non-blocking description of the same pipe or terminal is opened. The first, which
 *   other processes may share, does not change. For a socket, another user's terminal, and
 *   without /proc (macOS, Windows), the descriptor itself is used.
 * - Deno blocks the event loop when it writes to a descriptor, `process.stdout` included, and miscounts
 *   partial writes of a non-blocking one. A socket object over the pipe does neither. A terminal does not
 *   support one, so its descriptor is used.
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
  // The callback of write() also gets the error; without a listener it would end the process.
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
