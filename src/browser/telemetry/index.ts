import type { PageFetch } from '../send.ts';
import { recordErrors } from './page-errors.ts';
import { recordPageLoad } from './page-load.ts';
import { createContext, parseTraceparent } from './span.ts';
import { createSpanSender } from './span-sender.ts';
import { traceFetch } from './trace-fetch.ts';

/**
 * Records the load of the page and the errors of its scripts. Returns a `fetch()` that starts a trace
 * for each request to the page's own server. Sampling follows the server's decision for the page in
 * `Server-Timing: trace;desc="00-…-00"`.
 * @param url that spans are sent to as OTLP/JSON
 */
export function startBrowserTelemetry(url: string): PageFetch {
  const [page] = performance.getEntriesByType('navigation');
  const server = page?.serverTiming?.find(({ name }) => name === 'trace')?.description;
  const parent = parseTraceparent(server);
  const isSampled = parent?.isSampled ?? true;
  if (!isSampled) return traceFetch(isSampled, () => {});

  const { record, send } = createSpanSender(url);
  const load = createContext(parent ?? { isSampled });
  if (page) recordPageLoad(page, load, parent, record);
  recordErrors(load, record);
  const fetch = traceFetch(isSampled, record);
  // Added after the listeners that record when the page is hidden or left.
  addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && send());
  addEventListener('pagehide', send);
  return fetch;
}
