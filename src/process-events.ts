import process from 'node:process';

export interface ProcessEvents {
  /** Called for the first SIGTERM, SIGINT or SIGHUP. */
  stop(): void;
  /** Called for the second one; the process ends when it has resolved. */
  abandon(): Promise<void>;
  /** Called for an uncaught exception or an unhandled rejection. */
  fail(error: unknown, kind: 'uncaught exception' | 'unhandled rejection'): void;
  /** Called for SIGUSR2, which asks for a report. */
  report(): void;
}

/** One Ctrl-C under `deno task` arrives twice within 3 ms, to the process group and forwarded. */
const SAME_SIGNAL_MS = 500;

/** Watches signals and fatal errors. A second signal, half a second after the first, ends the process. */
export function watchProcess({ stop, abandon, fail, report }: ProcessEvents): void {
  let stoppedAt: number | undefined;
  for (const [signal, number] of [
    ['SIGINT', 2],
    ['SIGTERM', 15],
    // Closed terminal.
    ['SIGHUP', 1],
  ] as const) {
    process.on(signal, () => {
      if (stoppedAt === undefined) {
        stoppedAt = performance.now();
        stop();
      } else if (performance.now() - stoppedAt >= SAME_SIGNAL_MS) {
        void abandon().finally(() => process.exit(128 + number));
      }
    });
  }
  if (process.platform !== 'win32') {
    process.on('SIGUSR2', report);
    // Without a listener, Node and Bun open their debugger, through which any local user can run code,
    // and Deno exits.
    process.on('SIGUSR1', () => {});
  }
  process.on('uncaughtException', (error) => fail(error, 'uncaught exception'));
  process.on('unhandledRejection', (reason) => fail(reason, 'unhandled rejection'));
}
