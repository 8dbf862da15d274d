import { appVariables } from './variables.ts';

const PROBLEM = 'is not available on Workers';

/** The app's variables as they are on Cloudflare Workers, where the platform takes the place of some. */
export const workerAppVariables: typeof appVariables = {
  ...appVariables,
  PORT: replaced(appVariables.PORT, 'remove it, or use `wrangler dev --port`'),
  HOST: replaced(appVariables.HOST, 'remove it, or use `wrangler dev --ip`'),
  DATABASE_URL: replaced(appVariables.DATABASE_URL, 'bind a D1 database as DB'),
  DATABASE_POOL_SIZE: replaced(appVariables.DATABASE_POOL_SIZE, 'remove it'),
  DATABASE_POOL_TIMEOUT: replaced(appVariables.DATABASE_POOL_TIMEOUT, 'remove it'),
  DATABASE_STATEMENT_TIMEOUT: replaced(appVariables.DATABASE_STATEMENT_TIMEOUT, 'remove it'),
  TRUSTED_PROXIES: replaced(
    appVariables.TRUSTED_PROXIES,
    'remove it, because Cloudflare reports the address of the client',
  ),
  PROXY_HEADER: replaced(appVariables.PROXY_HEADER, 'remove it'),
  MAX_TASKS: replaced(
    appVariables.MAX_TASKS,
    'remove it: a trigger of D1 limits the list to 10000',
  ),
  RATE_LIMIT: replaced(appVariables.RATE_LIMIT, 'configure the binding RATE_LIMITER'),
  VIEWER: replaced(appVariables.VIEWER, 'start `npx opentelemetry-viewer` beside the Worker'),
  VIEWER_MAX_TRACES: replaced(appVariables.VIEWER_MAX_TRACES, 'remove it'),
  VIEWER_MAX_MEMORY: replaced(appVariables.VIEWER_MAX_MEMORY, 'remove it'),
  VIEWER_OTLP: replaced(appVariables.VIEWER_OTLP, 'remove it'),
};

/** Makes a variable report that it has no effect. */
function replaced<Row extends object>(variable: Row, fix: string): Row {
  const parse = () => ({ error: { problem: PROBLEM, fix } });
  // Without a default, the message says that the value is ignored.
  return { ...variable, isFatal: false, defaultText: '', parse };
}
