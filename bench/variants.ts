import type { OtlpProtocol } from '../exporters/index.ts';
import type { RuntimeName } from '../test/support/app-command.ts';
import { PROTOCOLS } from '../test/support/protocols.ts';
import { LEFT_OUT, type LeftOut } from './left-out.ts';
import type { Figures, Row } from './results.ts';

/** One way to run the app, with its expected telemetry. */
export interface Variant {
  /** Text that `--variant` searches, and the key in results.json. */
  readonly name: string;
  /** See `SpawnOptions`. */
  readonly entry: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** @default all three */
  readonly runtimes?: readonly RuntimeName[];
  /** @default http/protobuf */
  readonly protocol?: OtlpProtocol;
  readonly spansPerRequest: number;
  /** Its spans go to stdout, so the program's own count is used. */
  readonly isConsole?: boolean;
  /** Milliseconds until the collector responds. @default 0 */
  readonly responseDelayMs?: number;
  /** A part of the code that its bundle does not get. */
  readonly leftOut?: LeftOut;
  /** Another library that records everything over OTLP: the cheapest one is compared with ours. */
  readonly isPeer?: boolean;
}

const SLOW_MS = 50;

const unsampled = { env: { OTEL_TRACES_SAMPLER: 'always_off' }, spansPerRequest: 0 };
const disabled = { env: { OTEL_SDK_DISABLED: 'true' }, spansPerRequest: 0 };

export const KIT: Variant = {
  name: 'ours, the kit alone',
  entry: 'bench/kit.ts',
  spansPerRequest: 2,
};

const ours: readonly Variant[] = [
  { name: 'plain, and an empty middleware', entry: 'bench/empty.ts', spansPerRequest: 0 },
  KIT,
  { name: 'ours, the kit alone, sampler off', entry: 'bench/kit.ts', ...unsampled },
  {
    name: 'ours, the kit alone, path excluded',
    entry: 'bench/kit.ts',
    env: { EXCLUDED: '/' },
    spansPerRequest: 0,
  },
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
    name: "ours, OpenTelemetry's SDK",
    entry: 'bench/peers/kit-with-sdk.ts',
    spansPerRequest: 2,
  },
  { name: 'ours, slow collector', entry: 'source', spansPerRequest: 2, responseDelayMs: SLOW_MS },
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
  { name: '@hono/otel', ...honoOtel, isPeer: true },
  { name: '@hono/otel, sampler off', ...honoOtel, ...unsampled },
  { name: '@hono/otel, no SDK', ...honoOtel, ...disabled },
  { name: '@hono/otel, slow collector', ...honoOtel, responseDelayMs: SLOW_MS },
  { name: 'sdk-node, instrumentation-http', ...sdkNode, isPeer: true },
  { name: 'sdk-node, slow collector', ...sdkNode, responseDelayMs: SLOW_MS },
  { name: "Deno's own tracing", ...denoTracing, isPeer: true },
  { name: "Deno's own tracing, slow collector", ...denoTracing, responseDelayMs: SLOW_MS },
];

/** The kit alone, each without one of its parts. */
export const differences: readonly Variant[] = LEFT_OUT.map((leftOut) => ({
  ...KIT,
  name: `without ${leftOut.name}`,
  spansPerRequest: leftOut.spansPerRequest,
  leftOut,
}));

/** The baseline, which is part of each run. */
export const PLAIN: Variant = { name: 'plain', entry: 'bench/plain.ts', spansPerRequest: 0 };

/** Returns the variants of a runtime, apart from plain. @param pattern searched in their names */
export function variantsOf(runtime: RuntimeName, pattern: RegExp): Variant[] {
  return [...ours, ...peers].filter(
    ({ name, runtimes }) => pattern.test(name) && (runtimes?.includes(runtime) ?? true),
  );
}

/** Returns the figures of the cheapest other library that records everything and loses nothing. */
export function bestPeer(rows: Readonly<Record<string, Row>>): Figures | undefined {
  const complete = peers
    .filter(({ isPeer }) => isPeer)
    .flatMap(({ name }) => rows[name]?.figures ?? [])
    .sort((a, b) => a.saturated.micros - b.saturated.micros);
  return complete[0];
}
