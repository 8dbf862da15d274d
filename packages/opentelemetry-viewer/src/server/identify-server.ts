const TIMEOUT_MS = 1_000;
const MAX_TEXT_LENGTH = 100_000;

/** Value of the `Server` header in responses of a viewer. */
export const VIEWER_SERVER = 'opentelemetry-viewer';

/** Returns what listens on a port of this machine, for a message. */
export async function identifyServer(port: number): Promise<string> {
  const ask = (method: 'HEAD' | 'GET') =>
    fetch(`http://127.0.0.1:${port}/`, {
      method,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  try {
    const { headers } = await ask('HEAD');
    if (headers.get('Server') === VIEWER_SERVER) return 'another viewer';
    const text = (await (await ask('GET')).text()).slice(0, MAX_TEXT_LENGTH);
    return /jaeger/i.test(text) ? 'Jaeger' : 'another program';
  } catch {
    // It does not speak HTTP/1.1, as OTLP over gRPC, or does not respond.
    return 'another program';
  }
}
