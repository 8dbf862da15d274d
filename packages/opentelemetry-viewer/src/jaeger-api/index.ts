import { Hono } from 'hono';
import type { TraceStore } from '../store/index.ts';
import { createApiV1 } from './api-v1.ts';
import { createApiV3 } from './api-v3.ts';

export interface JaegerApiOptions {
  readonly store: TraceStore;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: (() => number) | undefined;
}

/**
 * Creates Jaeger's query API on top of a store: version 3, and the older one that Jaeger's pages, Grafana
 * and scripts still use.
 * @see https://www.jaegertracing.io/docs/2.20/architecture/apis/
 */
export function createJaegerApi({ store, now = Date.now }: JaegerApiOptions): Hono {
  return new Hono().route('/api/v3', createApiV3(store)).route('/api', createApiV1(store, now));
}
