import type { RuntimeName } from '../test/support/app-command.ts';
import type { Protocol } from './counting-collector.ts';

/** One way to run the app, and what is expected of it. */
export interface Variant {
  /** What `--variant` looks in, and the key in results.json. */
  readonly name: string;
  /** As in `SpawnOptions`. */
  readonly entry: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Default: all three. */
  readonly runtimes?: readonly RuntimeName[];
  /** Default: `http/protobuf`. */
  readonly protocol?: Protocol;
  readonly spansPerRequest: number;
  /** Its spans go to stdout: the program's own count of them is taken. */
  readonly isConsole?: boolean;
  /** Milliseconds that the collector takes for an answer. Default: 0. */
  readonly answerAfter?: number;
}

/** Those that the app can speak. */
const PROTOCOLS: readonly Protocol[] = ['http/protobuf', 'http/json', 'grpc'];
const SLOW = 50;

const unsampled = { env: { OTEL_TRACES_SAMPLER: 'always_off' }, spansPerRequest: 0 };
const disabled = { env: { OTEL_SDK_DISABLED: 'true' }, spansPerRequest: 0 };

const ours: readonly Variant[] = [
  { name: 'plain, and an empty middleware', entry: 'bench/empty.ts', spansPerRequest: 0 },
  { name: 'ours, the kit alone', entry: 'bench/kit.ts', spansPerRequest: 2 },
  { name: 'ours, the kit alone, sampler off', entry: 'bench/kit.ts', ...unsampled },
  ...PROTOCOLS.map((protocol) => ({
    name: `ours, ${protocol}`,
    entry: 'source',
    protocol,
    spansPerRequest: 2,
  })),
  {
    name: 'ours, console to /dev/null',
    entry: 'source',
    args: ['traces', 'metrics', 'logs'].flatMap((signal) => [`--${signal}_exporter`, 'console']),
    spansPerRequest: 2,
    isConsole: true,
  },
  {
    name: 'ours, fast path off',
    entry: 'source',
    env: { OTEL_JS_FAST_PATH_ENABLED: 'false' },
    spansPerRequest: 2,
  },
  { name: 'ours, sampler off', entry: 'source', ...unsampled },
  { name: 'ours, SDK disabled', entry: 'source', ...disabled },
  { name: 'ours, no SDK', entry: 'bench/unregistered.ts', spansPerRequest: 0 },
  {
    name: 'ours, path excluded',
    entry: 'source',
    env: { OTEL_JS_EXCLUDED_URLS: '/$' },
    spansPerRequest: 0,
  },
  { name: 'ours, slow collector', entry: 'source', spansPerRequest: 2, answerAfter: SLOW },
];

const honoOtel = { entry: 'bench/peers/hono-otel.ts', spansPerRequest: 2 };
const sdkNode: Omit<Variant, 'name'> = {
  entry: 'bench/peers/sdk-node.ts',
  spansPerRequest: 2,
  runtimes: ['node'],
};
const denoTracing: Omit<Variant, 'name'> = {
  entry: 'bench/peers/runtime-tracing.ts',
  env: { OTEL_DENO: 'true' },
  spansPerRequest: 2,
  runtimes: ['deno'],
};

const peers: readonly Variant[] = [
  { name: '@hono/otel', ...honoOtel },
  { name: '@hono/otel, sampler off', ...honoOtel, ...unsampled },
  { name: '@hono/otel, no SDK', ...honoOtel, ...disabled },
  { name: '@hono/otel, slow collector', ...honoOtel, answerAfter: SLOW },
  { name: 'sdk-node, instrumentation-http', ...sdkNode },
  { name: 'sdk-node, slow collector', ...sdkNode, answerAfter: SLOW },
  { name: "Deno's own tracing", ...denoTracing },
  { name: "Deno's own tracing, slow collector", ...denoTracing, answerAfter: SLOW },
];

/** What everything is compared with; in each run. */
export const PLAIN: Variant = { name: 'plain', entry: 'bench/plain.ts', spansPerRequest: 0 };

/** @param pattern searched in the names; `plain` is there in any case */
export function variantsOf(runtime: RuntimeName, pattern: RegExp): Variant[] {
  const chosen = [...ours, ...peers].filter(
    ({ name, runtimes }) => pattern.test(name) && (runtimes?.includes(runtime) ?? true),
  );
  return [PLAIN, ...chosen];
}
