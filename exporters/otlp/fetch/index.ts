import type { Exporter } from '../../exporter.ts';
import { createExporter, type SharedOptions } from '../create-exporter.ts';
import { openFetchTransport } from './fetch-transport.ts';

/**
 * Creates an OTLP exporter that sends all signals with `fetch()`, as protobuf or JSON over HTTP.
 *
 * It runs on platforms without `node:http`, such as Cloudflare Workers. The caller limits the number of
 * concurrent exports.
 */
export function createFetchExporter(settings: SharedOptions): Exporter {
  return createExporter(settings, () => openFetchTransport, Number.POSITIVE_INFINITY);
}
