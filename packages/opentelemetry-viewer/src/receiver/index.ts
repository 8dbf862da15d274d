import type { Forwarder } from './forward.ts';

export { listenForOtlp } from './listen-for-otlp.ts';
export type { Forwarder };

/** Opens a sink that sends all records to another OTLP endpoint. Its code is loaded only here. */
export async function openForwarder(
  endpoint: string,
  notify: (message: string) => void,
): Promise<Forwarder> {
  const { createForwarder } = await import('./forward.ts');
  return createForwarder(endpoint, notify);
}
