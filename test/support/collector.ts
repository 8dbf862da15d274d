import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { env } from 'node:process';
import { afterAll } from 'vitest';
import { getCollector } from './collector-build.ts';
import { freePort } from './free-port.ts';
import { waitUntil } from './wait-until.ts';

/** A configuration: the path of a file, or an object. Later ones are merged over those before. */
export type CollectorConfig = string | { readonly [key: string]: unknown };

/** Variables for `${env:NAME}` in a configuration. */
export type CollectorVariables = Readonly<Record<string, string>>;

/** The OpenTelemetry Collector itself, running on 127.0.0.1. */
export interface CollectorProcess extends AsyncDisposable {
  readonly pid: number;
  /** The output so far. */
  readonly output: string;
  /** Ends it: with SIGTERM it sends what it holds, with SIGKILL it does not. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** A Collector that receives OTLP. */
export interface Collector extends CollectorProcess {
  /** Value for `OTEL_EXPORTER_OTLP_ENDPOINT`, for protocols over HTTP and for gRPC. */
  readonly urls: CollectorUrls;
}

export interface CollectorUrls {
  readonly http: string;
  readonly grpc: string;
}

/** Finds free addresses at which a Collector is started or restarted. */
export async function freeCollectorUrls(): Promise<CollectorUrls> {
  const [http, grpc] = [await freePort(), await freePort()];
  return { http: `http://127.0.0.1:${http}`, grpc: `http://127.0.0.1:${grpc}` };
}

/** Starts a Collector and waits until it takes telemetry. Rejects with its output when it ends. */
export async function startCollector(
  configs: readonly CollectorConfig[],
  urls?: CollectorUrls,
  variables?: CollectorVariables,
): Promise<Collector> {
  const place = urls ?? (await freeCollectorUrls());
  // Its receivers are the last of its parts to start.
  const collector = await runCollector(
    [...configs, receiveAt(place)],
    async () => (await canConnect(place.http)) && (await canConnect(place.grpc)),
    variables,
  );
  return Object.assign(collector, { urls: place });
}

/** Starts a Collector and waits until `isReady` resolves to true. Rejects with its output when it ends. */
export async function runCollector(
  configs: readonly CollectorConfig[],
  isReady: () => Promise<boolean>,
  variables: CollectorVariables = {},
): Promise<CollectorProcess> {
  const program = await getCollector();
  const child = spawn(program, configArguments(configs), {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...env, ...variables },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  }
  let hasEnded = false;
  const ended = once(child, 'close').then(() => {
    hasEnded = true;
    running.delete(stop);
  });
  async function stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    if (!hasEnded) child.kill(signal);
    await ended;
  }
  running.add(stop);

  let hasStarted = false;
  const poll = setInterval(async () => {
    hasStarted ||= await isReady();
  }, 20);
  await waitUntil(
    () => hasStarted || hasEnded,
    20_000,
    () => output,
  ).finally(() => clearInterval(poll));
  if (hasEnded) throw new Error(`The Collector ended: ${output}`);

  return {
    pid: child.pid ?? Number.NaN,
    get output() {
      return output;
    },
    stop,
    [Symbol.asyncDispose]: () => stop('SIGKILL'),
  };
}

/** Asks the Collector what is wrong with a configuration. `''`: nothing. */
export async function validateConfig(
  configs: readonly CollectorConfig[],
  variables: CollectorVariables = {},
): Promise<string> {
  const program = await getCollector();
  const { status, stdout, stderr } = spawnSync(program, ['validate', ...configArguments(configs)], {
    encoding: 'utf8',
    env: { ...env, ...variables },
  });
  return status === 0 ? '' : `${stdout}${stderr}` || `exit code ${status}`;
}

/**
 * Returns a configuration that forwards each request before the response, so accepted records have
 * arrived.
 */
export function relayTo(url: string): CollectorConfig {
  const pipeline = { receivers: ['otlp'], exporters: ['otlp_http'] };
  return {
    exporters: {
      otlp_http: {
        endpoint: url,
        compression: 'none',
        sending_queue: { enabled: false },
        retry_on_failure: { enabled: false },
      },
    },
    service: {
      // Of the Collector's own; it would listen on 8888.
      telemetry: { metrics: { level: 'none' } },
      pipelines: { traces: pipeline, metrics: pipeline, logs: pipeline },
    },
  };
}

const running = new Set<(signal: 'SIGKILL') => Promise<void>>();
afterAll(async () => {
  await Promise.all([...running].map((stop) => stop('SIGKILL')));
});

function receiveAt({ http, grpc }: CollectorUrls): CollectorConfig {
  const at = (url: string) => ({ endpoint: new URL(url).host });
  return { receivers: { otlp: { protocols: { grpc: at(grpc), http: at(http) } } } };
}

/** Returns arguments with inline configurations. JSON is also YAML. */
function configArguments(configs: readonly CollectorConfig[]): string[] {
  return configs.map((config) =>
    typeof config === 'string' ? `--config=${config}` : `--config=yaml:${JSON.stringify(config)}`,
  );
}

function canConnect(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  return new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  }).finally(() => socket.destroy());
}
