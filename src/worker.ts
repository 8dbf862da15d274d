// The app on Cloudflare Workers. wrangler.jsonc names this file and the bindings.
import { traceJob, traceSql } from 'hono-opentelemetry';
import { describeProblem } from 'opentelemetry-instrument/settings';
import {
  type ExecutionContext,
  readSettings,
  startTelemetry,
  type WorkerTelemetry,
  writeMessage,
} from 'opentelemetry-instrument/workers';
import { ownHosts } from 'opentelemetry-instrument-exporters/hosts';
import { type Fetch, workerBindings } from 'todo-runtimes/workers';
import { configureApp, databaseSemconv } from './configure-app.ts';
import { createD1TaskStore, type D1Binding, type D1TaskStore } from './database/d1/index.ts';
import type { RateLimiter } from './http/middleware/index.ts';
import { BROWSER_ORIGIN, RESOURCE } from './resource.ts';
import { workerAppVariables } from './settings/index.ts';

/** The bindings of the Worker, in addition to its settings. */
interface Env {
  readonly DB?: D1Binding;
  /** @see https://developers.cloudflare.com/workers/runtime-apis/bindings/rate-limit/ */
  readonly RATE_LIMITER?: {
    limit(options: { readonly key: string }): Promise<{ readonly success: boolean }>;
  };
}

/** The app in an isolate. */
interface Program {
  readonly fetch: Fetch;
  readonly store: D1TaskStore;
  readonly telemetry: WorkerTelemetry;
}

/** Time after which a client may try again: the shortest period of the platform's limiter. */
const RETRY_AFTER_SECONDS = 10;

let started: Program | undefined;

/** Builds the app once for each isolate. Bindings exist only within an invocation. */
function programOf(env: Env): Program {
  started ??= createWorkerProgram(env);
  return started;
}

function createWorkerProgram(env: Env): Program {
  const read = readSettings(env, workerAppVariables);
  const { settings } = read;
  for (const problem of read.problems) writeMessage(describeProblem(problem));
  // With the defaults instead, the app could be less strict than its settings.
  if (read.problems.some(({ isFatal }) => isFatal)) {
    throw new Error(
      'The app does not start with these settings; see the messages before this one.',
    );
  }
  if (env.RATE_LIMITER === undefined) {
    writeMessage('Changes are not limited: bind a rate limiter as RATE_LIMITER to limit them.');
  }
  const telemetry = startTelemetry(env, {
    settings: read,
    resource: RESOURCE,
    browser: BROWSER_ORIGIN,
  });
  const semconv = databaseSemconv(settings);
  const store = createD1TaskStore(env.DB, {
    wrap: (client) => traceSql(client, { semconv }),
    notify: writeMessage,
  });
  const app = configureApp(
    { ...settings, RATE_LIMIT: 0 },
    {
      database: { store },
      receiveSpans: telemetry.receiveSpans,
      // The platform only passes on requests for the names of the Worker.
      isOwnHost: settings.ALLOWED_HOSTS.length > 0 ? ownHosts(settings.ALLOWED_HOSTS) : undefined,
      // The platform compresses. It would compress a compressed response once more.
      compressFiles: false,
      limitHeaderSize: true,
      changeLimiter: env.RATE_LIMITER && toRateLimiter(env.RATE_LIMITER),
    },
  );
  return { fetch: app.fetch, store, telemetry };
}

function toRateLimiter(binding: NonNullable<Env['RATE_LIMITER']>): RateLimiter {
  return {
    describe: ({ errors }) => errors.tooManyChanges(),
    async take(key) {
      const { success } = await binding.limit({ key });
      return success ? 0 : RETRY_AFTER_SECONDS;
    },
  };
}

export default {
  fetch(request: Request, env: Env, ctx: ExecutionContext) {
    const { fetch, telemetry } = programOf(env);
    return telemetry.run(ctx, () => fetch(request, workerBindings(request)));
  },

  /** Purges removed tasks: a trigger of the database would read all of them for each removal. */
  scheduled(_event: unknown, env: Env, ctx: ExecutionContext) {
    const { store, telemetry } = programOf(env);
    return telemetry.run(ctx, () => traceJob('purge-removed-tasks', () => store.purgeRemoved()));
  },
};
