const TIMEOUT_MS = 1_000;
const MAX_TEXT_LENGTH = 100_000;

/** Value of the `Server` header in responses of a viewer. */
export const VIEWER_SERVER = 'opentelemetry-viewer';

/** Header of the response to `HEAD /` with the URL at which a viewer receives OTLP over HTTP. */
export const OTLP_URL_HEADER = 'Otlp-Endpoint';

/** The program that listens on a port of this machine. */
export interface PortHolder {
  /** Name for messages: `another viewer`, `Jaeger`, `an OTLP receiver` or `another program …`. */
  readonly name: string;
  /** URL at which another viewer receives OTLP over HTTP. */
  readonly otlpUrl?: string | undefined;
}

/**
 * Finds out what listens on a port.
 * @param httpPort the usual neighbor of a gRPC port, whose holder cannot be probed over HTTP
 */
export async function identifyServer(port: number, httpPort?: number): Promise<PortHolder> {
  const holder = await probeServer(port);
  if (httpPort === undefined || holder.name !== UNKNOWN.name) return holder;
  const isViewer = (await probeServer(httpPort)).name === VIEWER.name;
  return isViewer ? { name: `another program, probably the viewer on port ${httpPort}` } : holder;
}

const VIEWER: PortHolder = { name: 'another viewer' };
const UNKNOWN: PortHolder = { name: 'another program' };

async function probeServer(port: number): Promise<PortHolder> {
  const origin = `http://127.0.0.1:${port}`;
  try {
    const { headers } = await send(origin, 'HEAD');
    if (headers.get('Server') === VIEWER_SERVER) {
      return { ...VIEWER, otlpUrl: readOtlpUrl(headers) };
    }
    const text = (await (await send(origin, 'GET')).text()).slice(0, MAX_TEXT_LENGTH);
    if (/jaeger/i.test(text)) return { name: 'Jaeger' };
    // A Collector responds to anything but POST with 405, and to other paths with 404.
    const { status } = await send(`${origin}/v1/traces`, 'GET');
    return status === 405 ? { name: 'an OTLP receiver' } : UNKNOWN;
  } catch {
    // It does not speak HTTP/1.1, as OTLP over gRPC, or does not respond.
    return UNKNOWN;
  }
}

function send(url: string, method: 'HEAD' | 'GET'): Promise<Response> {
  return fetch(url, {
    method,
    headers: { Accept: 'application/json' },
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
}

/** Returns where a viewer receives OTLP over HTTP, if it does. */
function readOtlpUrl(headers: Headers): string | undefined {
  const url = headers.get(OTLP_URL_HEADER);
  // Another program could have written this.
  return url !== null && /^http:\/\/localhost:\d{1,5}$/.test(url) ? url : undefined;
}
