import { setTimeout as sleep } from 'node:timers/promises';
import { atMost, type Deadline, millisSince, settleBefore } from '../deadline.ts';
import type { JaegerFinding } from '../diagnosis.ts';
import { sanitize, showUrl } from '../show.ts';
import { fetchPage, type Page } from './fetch-page.ts';

const POLL_INTERVAL_MS = 250;
const RESPONSE_TIMEOUT_MS = 5_000;

/**
 * Queries Jaeger for a trace until it is found or the deadline expires. Never rejects.
 *
 * Uses both paths of the API: Jaeger 2.21 and later has only `/api/v3`, early releases of version 1 have
 * only the other. Jaeger responds to unknown paths with its page, status 200 and HTML.
 * @param jaegerUrl of its page, with its base path
 */
export async function findInJaeger(
  jaegerUrl: string,
  traceId: string,
  deadline: Deadline,
): Promise<JaegerFinding> {
  const start = performance.now();
  const base = jaegerUrl.replace(/(?<!\/)\/+$/, '');
  const link = `${showUrl(base)}/trace/${traceId}`;
  const paths = [`/api/v3/traces/${traceId}`, `/api/traces/${traceId}`];

  while (performance.now() < deadline) {
    const responseDeadline = atMost(RESPONSE_TIMEOUT_MS, deadline);
    const replies = await Promise.all(
      paths.map((path) => fetchPage(base + path, responseDeadline)),
    );
    const pages = replies.filter((reply) => reply.kind === 'page');
    const ofApi = pages.filter(isFromJaegerApi);
    if (ofApi.some(({ status, body }) => status === 200 && body.includes(traceId))) {
      return { kind: 'found', link, millis: millisSince(start) };
    }
    if (ofApi.length === 0 && performance.now() < deadline) {
      const [page] = pages;
      if (page === undefined) {
        const missing = replies.find((reply) => reply.kind === 'missing');
        return { kind: 'unreachable', link, code: missing?.code ?? 'ETIMEDOUT' };
      }
      const contentType = sanitize(page.contentType);
      return { kind: 'no-jaeger', link, status: page.status, contentType };
    }
    await settleBefore(deadline, sleep(POLL_INTERVAL_MS));
  }
  return { kind: 'not-found', link, millis: millisSince(start) };
}

/** Returns whether a page is JSON. For unknown traces, some versions label JSON as text. */
function isFromJaegerApi({ status, contentType, body }: Page): boolean {
  const isJson = /json/i.test(contentType) || body.trimStart().startsWith('{');
  return (status === 200 || status === 404) && isJson;
}
