import { setTimeout as sleep } from 'node:timers/promises';
import { type Deadline, deadlineIn, millisSince, settleBefore } from '../deadline.ts';
import type { JaegerFinding } from '../diagnosis.ts';
import { showForeign, showUrl } from '../show.ts';
import { exchange } from './ask-http.ts';
import type { HttpReply, Reply } from './reply.ts';

/** Milliseconds between two questions. */
const PAUSE = 250;
/** Milliseconds that Jaeger gets for one answer. */
const ONE_ANSWER = 5_000;

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
  const base = jaegerUrl.replace(/(?<!\/)\/+$/, '');
  const link = `${showUrl(base)}/trace/${traceId}`;
  const paths = [`/api/v3/traces/${traceId}`, `/api/traces/${traceId}`];

  while (performance.now() < deadline) {
    const asked = Math.min(deadline, deadlineIn(ONE_ANSWER));
    const replies = await Promise.all(
      paths.map((path) => exchange({ method: 'GET', url: base + path }, asked)),
    );
    const answered = replies.filter((reply) => reply.kind === 'http');
    const ofJaeger = answered.filter(isJaegers);
    if (ofJaeger.some(({ status, body }) => status === 200 && body.includes(traceId))) {
      return { kind: 'found', link, millis: millisSince(start) };
    }
    if (ofJaeger.length === 0 && performance.now() < deadline) {
      const [page] = answered;
      if (!page) return { kind: 'unreachable', link, code: codeOf(replies) };
      const contentType = showForeign(page.contentType);
      return { kind: 'no-jaeger', link, status: page.status, contentType };
    }
    await settleBefore(deadline, sleep(PAUSE));
  }
  return { kind: 'not-found', link, millis: millisSince(start) };
}

function codeOf(replies: readonly Reply[]): string {
  const failed = replies.find((reply) => reply.kind === 'no-answer');
  return failed?.code ?? 'ETIMEDOUT';
}

/** What it does not have, it answers with a 404 whose JSON some versions call text. */
function isJaegers({ status, contentType, body }: HttpReply): boolean {
  const isJson = /json/i.test(contentType) || body.trimStart().startsWith('{');
  return (status === 200 || status === 404) && isJson;
}
