import process from 'node:process';
import { errorWriter, printableLines } from 'opentelemetry-instrument-exporters';

/** Bounds the wait for the reader of stderr before the program ends. */
const FLUSH_TIMEOUT_MS = 300;

/** Writes a message to stderr. Never throws and never waits, whatever stderr is. */
export function notify(message: string): void {
  errorWriter.write(`${printableLines(message)}\n`, () => {});
}

/** Waits until the messages are written, for a short time: stderr may be stuck. */
export async function flushMessages(): Promise<void> {
  const timeout = new Promise((resolve) => setTimeout(resolve, FLUSH_TIMEOUT_MS));
  await Promise.race([errorWriter.flush(), timeout]);
}

/** Ends the process after its messages are written. */
export async function exit(code: number): Promise<void> {
  await flushMessages();
  process.exit(code);
}
