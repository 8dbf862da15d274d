import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Miniflare } from 'miniflare';
import { build } from 'rolldown';
import { d1Migrations } from '../../src/database/d1/migrations.ts';
import { root } from './app-command.ts';
import { type OtlpSink, startOtlpSink } from './otlp-sink.ts';

/** A D1 database of the local Cloudflare runtime. */
export type LocalD1 = Awaited<ReturnType<Miniflare['getD1Database']>>;

/** A Worker in workerd, with a collector of its own. */
export interface StartedWorker extends AsyncDisposable {
  readonly url: string;
  readonly sink: OtlpSink;
  readonly miniflare: Miniflare;
  readonly database: LocalD1;
  /** Runs the cron trigger. */
  trigger(): Promise<void>;
  /** Returns the output of the Worker's console so far. */
  output(): string;
}

export interface WorkerOptions {
  /** Path of the entry point. @default the app */
  readonly entry?: string;
  /** Source of the entry point instead. */
  readonly source?: string;
  /** Bindings in addition to the endpoint of the sink. */
  readonly env?: Readonly<Record<string, string>>;
  /** @default a free-running collector */
  readonly sink?: OtlpSink;
  /** Compatibility flags in addition to that of AsyncLocalStorage. */
  readonly flags?: readonly string[];
  readonly rateLimit?: { readonly limit: number; readonly period: 10 | 60 };
}

/** The part of a Worker that runs its cron trigger. */
interface Triggers {
  scheduled(options: { readonly cron: string }): Promise<unknown>;
}

/** Bundles of entry points, for all tests of a file. */
const bundles = new Map<string, Promise<string>>();

/** Bundles a Worker as Wrangler does: for a browser, with everything except modules of the platform. */
export function bundleWorker(entry: string, source?: string): Promise<string> {
  const known = bundles.get(source ?? entry);
  if (known) return known;
  const virtual = `${entry}?source`;
  const bundle = build({
    input: source === undefined ? entry : virtual,
    platform: 'browser',
    external: [/^node:/, /^cloudflare:/],
    resolve: {
      conditionNames: ['workerd', 'worker', 'browser', 'import', 'module'],
      mainFields: ['browser', 'module', 'main'],
    },
    plugins: [
      {
        name: 'source',
        resolveId: (id) => (id === virtual ? entry : null),
        load: (id) => (id === entry && source !== undefined ? source : null),
      },
    ],
    output: { format: 'esm', codeSplitting: false },
    write: false,
  }).then(({ output }) => output[0].code);
  bundles.set(source ?? entry, bundle);
  return bundle;
}

/** Starts a Worker with only AsyncLocalStorage of Node, and a migrated database. */
export async function startWorker({
  entry = join(root, 'src/worker.ts'),
  source,
  env = {},
  sink: given,
  flags = [],
  rateLimit,
}: WorkerOptions = {}): Promise<StartedWorker> {
  const { Miniflare } = await import('miniflare');
  const sink = given ?? (await startOtlpSink());
  let output = '';
  const miniflare = new Miniflare({
    modules: true,
    script: await bundleWorker(entry, source),
    compatibilityDate: '2026-07-30',
    compatibilityFlags: ['nodejs_als', ...flags],
    d1Databases: { DB: 'todo' },
    bindings: { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, ...env },
    ...(rateLimit && { ratelimits: { RATE_LIMITER: { namespace_id: '1', simple: rateLimit } } }),
    handleRuntimeStdio(stdout: Readable, stderr: Readable) {
      for (const stream of [stdout, stderr]) {
        stream.on('data', (chunk) => {
          output += chunk;
        });
      }
    },
  });
  const url = (await miniflare.ready).href.replace(/\/$/, '');
  const database = await miniflare.getD1Database('DB');
  for (const { statements } of d1Migrations()) {
    await database.batch(statements.map((statement) => database.prepare(statement)));
  }
  return {
    url,
    sink,
    miniflare,
    database,
    async trigger() {
      // Its type needs Cloudflare's types, which replace those of Node.
      const triggers = (await miniflare.getWorker()) as unknown as Triggers;
      await triggers.scheduled({ cron: '0 * * * *' });
    },
    output: () => output,
    async [Symbol.asyncDispose]() {
      await miniflare.dispose();
      await sink.close();
    },
  };
}
