import process from 'node:process';

export interface ProcessEvents {
  /** SIGTERM, SIGINT or SIGHUP came for the first time. */
  stop(): void;
  /** A second one came: the process ends once this has resolved. */
  abandon(): Promise<void>;
  /** Nobody caught an exception, or handled a rejection. */
  fail(error: unknown, body: 'uncaught exception' | 'unhandled rejection'): void;
  /** SIGUSR2 came: somebody asks how things stand. */
  report(): void;
}

/** One Ctrl-C under `deno task` arrives twice, to the group and forwarded, within 3 ms. */
const SAME_SIGNAL = 500;

/** Calls back for what ends a process. A second signal, half a second after the first, ends it at once. */
export function watchProcess({ stop, abandon, fail, report }: ProcessEvents): void {
  let stoppedAt: number | undefined;
  for (const [signal, number] of [
    ['SIGINT', 2],
    ['SIGTERM', 15],
    // The terminal was closed.
    ['SIGHUP', 1],
  ] as const) {
    process.on(signal, () => {
      if (stoppedAt === undefined) {
        stoppedAt = performance.now();
        stop();
      } else if (performance.now() - stoppedAt >= SAME_SIGNAL) {
        void abandon().finally(() => process.exit(128 + number));
      }
    });
  }
  if (process.platform !== 'win32') {
    process.on('SIGUSR2', report);
    // Without a listener, Node and Bun open their debugger, through which anyone on the machine can
    // run code, and Deno ends.
    process.on('SIGUSR1', () => {});
  }
  process.on('uncaughtException', (error) => fail(error, 'uncaught exception'));
  process.on('unhandledRejection', (reason) => fail(reason, 'unhandled rejection'));
}
