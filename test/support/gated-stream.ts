/** Something that happens when a test opens it. */
export interface Gate {
  readonly opened: Promise<void>;
  open(): void;
}

export function createGate(): Gate {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}

/** Creates a body of two parts, `mi` and `lk`, with the gate between them. @param error instead of the second */
export function gatedStream(gate: Gate, error?: Error): ReadableStream<Uint8Array> {
  const parts = ['mi', 'lk'];
  return new ReadableStream({
    async pull(controller) {
      if (parts.length === 1) await gate.opened;
      if (parts.length === 1 && error) return controller.error(error);
      const part = parts.shift();
      if (part === undefined) controller.close();
      else controller.enqueue(new TextEncoder().encode(part));
    },
  });
}

/** Creates a body that is `mi` and then throws. @param thrown after the gate has been opened */
export function brokenStream(gate: Gate, thrown: unknown): ReadableStream<Uint8Array> {
  let isSent = false;
  return new ReadableStream({
    async pull(controller) {
      if (isSent) {
        await gate.opened;
        throw thrown;
      }
      isSent = true;
      controller.enqueue(new TextEncoder().encode('mi'));
    },
  });
}
