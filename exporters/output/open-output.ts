import fs from 'node:fs';
import { Socket } from 'node:net';

/** Somewhere that bytes go, in the order of the calls. */
export interface Output {
  /** Resolves to how many of `bytes` were taken. Rejects with an errno `code`: EAGAIN, EPIPE, ... */
  write(bytes: Uint8Array): Promise<number>;
}

/**
 * Opens standard output (1) or standard error (2) so that a slow reader does not stop the program.
 *
 * `process.stdout` does so on Node and Bun, but on Deno a full pipe blocks the event loop. A second
 * open file description of the same pipe or terminal can be made non-blocking without a side effect
 * on whoever shares the first. Where that cannot be had:
 * - a file: the descriptor itself, which keeps the shell's position in it
 * - no /proc (macOS, Windows), a socket (ENXIO), another user's terminal (EACCES): the descriptor
 *   itself; Node and Bun write to it in a thread, Deno blocks while the reader is slow
 * - Deno without `--allow-all`, which refuses special files: a socket object over the descriptor
 */
export function openOutput(descriptor: 1 | 2): Output {
  const stat = fs.fstatSync(descriptor);
  if (stat.isFile()) return descriptorOutput(descriptor);
  const { O_WRONLY, O_APPEND, O_NONBLOCK, O_NOCTTY } = fs.constants;
  try {
    const flags = O_WRONLY | O_APPEND | O_NONBLOCK | O_NOCTTY;
    return descriptorOutput(fs.openSync(`/proc/self/fd/${descriptor}`, flags));
  } catch (error) {
    const isRefused = error instanceof Error && error.name === 'NotCapable';
    const isStream = stat.isFIFO() || stat.isSocket();
    return isRefused && isStream ? socketOutput(descriptor) : descriptorOutput(descriptor);
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
