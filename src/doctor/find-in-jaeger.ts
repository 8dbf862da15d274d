import { setTimeout as sleep } from 'node:timers/promises';
import { type Deadline, deadlineIn, millisSince, settleBefore } from './deadline.ts';
import type { Cause, JaegerFinding } from './diagnosis.ts';
import { errorCode, showForeign, showUrl } from './show.ts';

/** Milliseconds between two questions. */
const PAUSE = 250;

type Reply = { readonly status: number; readonly contentType: string; readonly text: string };

/**
 * Asks Jaeger for a trace until it is there or the deadline comes. Never rejects.
 *
 * Jaeger from 2.21 on has only `/api/v3`, version 1 in its early releases only the older path: both are
 * asked. What Jaeger does not know, it answers with its page, 200 and HTML.
 * @param jaegerUrl of its page, with its base path
 */
export async function findInJaeger(
  jaegerUrl: string,
  traceId: string,
  deadline: Deadline,
): Promise<JaegerFinding> {
  const start = performance.now();
  const base = jaegerUrl.replace(/\/+$/, '');
  const link = `${showUrl(base)}/trace/${traceId}`;
  const paths = [`/api/v3/traces/${traceId}`, `/api/traces/${traceId}`];

  while (performance.now() < deadline) {
    const replies = await Promise.all(paths.map((path) => ask(base + path, deadline)));
    const answered = replies.filter((reply) => 'status' in reply);
    const codes = replies.flatMap((reply) => ('code' in reply ? [reply.code] : []));
    const ofJaeger = answered.filter(isJaegers);
    if (ofJaeger.some(({ status, text }) => status === 200 && text.includes(traceId))) {
      return { kind: 'found', link, millis: millisSince(start) };
    }
    if (ofJaeger.length === 0 && performance.now() < deadline) {
      const [page] = answered;
      if (!page) return { kind: 'unreachable', link, code: codes[0] ?? '' };
      const contentType = showForeign(page.contentType);
      return { kind: 'no-jaeger', link, status: page.status, contentType };
    }
    await settleBefore(deadline, sleep(PAUSE));
  }
  return { kind: 'not-found', link, millis: millisSince(start) };
}

async function ask(url: string, deadline: Deadline): Promise<Reply | { code: string }> {
  const aborted = new AbortController();
  const asking = fetch(url, { signal: aborted.signal }).then(async (response) => ({
    status: response.status,
    contentType: response.headers.get('content-type') ?? '',
    text: await response.text(),
  }));
  const reply = await settleBefore(
    Math.min(deadline, deadlineIn(5_000)),
    asking.catch((error) => ({ code: errorCode(error) })),
  );
  aborted.abort();
  return typeof reply === 'symbol' ? { code: 'ETIMEDOUT' } : reply;
}

function isJaegers({ status, contentType }: Reply): boolean {
  return (status === 200 || status === 404) && /json/i.test(contentType);
}

/** Why nobody will see the trace in Jaeger; undefined when it is there. */
export function explainJaeger(finding: JaegerFinding): Cause | undefined {
  switch (finding.kind) {
    case 'found':
      return undefined;
    case 'not-found':
      return {
        because: `the span was accepted, but Jaeger does not have it after ${finding.millis} ms.`,
        change:
          "Look at the way from the Collector to Jaeger: the Collector's exporters and log, its sampling, Jaeger's storage.",
      };
    case 'no-jaeger':
      return {
        because: `the span was accepted, but no Jaeger API answers (${[finding.status, finding.contentType].join(', ').replace(/, $/, '')}).`,
        change: "Correct Jaeger's URL: it is that of its page, with its base path.",
      };
    case 'unreachable':
      return {
        because: `the span was accepted, but Jaeger cannot be asked (${finding.code}).`,
        change: "Start Jaeger, or correct Jaeger's URL.",
      };
  }
}
