import type { Signal } from 'opentelemetry-instrument-exporters';
import { parseEndpoint } from '../connect/endpoint.ts';
import { identifyProtocol } from '../connect/identify-protocol.ts';
import type { TlsFiles } from '../connect/probe-tls.ts';
import { atMost, type Deadline, deadlineIn, LATE, millisSince, settleBefore } from '../deadline.ts';
import type { Answer } from '../diagnosis.ts';
import type { OtlpTarget } from '../options.ts';
import { showForeign, showUrl } from '../show.ts';
import { askGrpc } from './ask-grpc.ts';
import { askHttp } from './ask-http.ts';
import { findPath } from './find-path.ts';
import { type HttpReply, isSuccess, isWebPage, type Reply } from './reply.ts';
import type { Sent } from './send-record.ts';

/** Milliseconds that the exporter gets when its server has refused us, before it counts as refused, too. */
const GRACE = 300;

/**
 * Waits for what becomes of a record on its way to an endpoint that is open. The exporter has the last
 * word; a request of our own says what the exporter leaves out. Never rejects.
 */
export async function deliver(
  signal: Signal,
  target: OtlpTarget,
  files: TlsFiles,
  sending: Promise<Sent>,
  deadline: Deadline,
): Promise<Answer> {
  const start = performance.now();
  const asking =
    target.protocol === 'grpc'
      ? askGrpc(signal, target, files, deadline)
      : askHttp(target, files, deadline);
  const refused = asking.then((reply) =>
    isSuccess(reply) ? sending : settleBefore(deadlineIn(GRACE), sending),
  );
  const sent = await settleBefore(deadline, Promise.race([sending, refused]));
  const isTaken = sent !== LATE && sent.kind !== 'failed';
  const reply = await settleBefore(isTaken ? atMost(GRACE, deadline) : deadline, asking);
  const secrets = Object.values(target.headers);
  const shown = (text: string) => showForeign(text, secrets);
  const identify = () => identifyProtocol(parseEndpoint(target.url));

  const webPage = ({ status, contentType }: HttpReply): Answer => ({
    kind: 'no-otlp',
    status,
    contentType: shown(contentType),
  });

  async function answerOf(reply: Reply): Promise<Answer> {
    if (reply.kind === 'timeout') return reply;
    if (reply.kind === 'grpc') return { ...reply, message: shown(reply.message) };
    if (reply.kind === 'no-answer') return { ...reply, speaks: await identify() };
    const { status, retryAfter, location, body } = reply;
    const isNowhere = status === 404 || status === 405;
    return {
      kind: 'http',
      status,
      retryAfter: retryAfter && shown(retryAfter),
      location: location && showUrl(shown(absolute(location, target.url))),
      body: /<html|<!doctype/i.test(body) ? '' : shown(body),
      worksAt: isNowhere ? await findPath(signal, target, files) : null,
      // Go's TLS servers answer plain HTTP with a 400.
      speaks: status === 400 ? await identify() : null,
    };
  }

  if (sent === LATE || (sent.kind === 'failed' && sent.code === null)) {
    if (reply !== LATE && !isSuccess(reply)) return answerOf(reply);
    if (reply !== LATE && isWebPage(reply)) return webPage(reply);
    if (sent === LATE) return { kind: 'timeout', millis: millisSince(start), status: null };
    return { kind: 'failed', message: shown(sent.message) };
  }
  if (sent.kind === 'failed') {
    const status = sent.code ?? 0;
    const { message } = sent;
    if (target.protocol === 'grpc') return answerOf({ kind: 'grpc', status, message });
    const head = reply !== LATE && reply.kind === 'http' ? reply : NO_HEAD;
    return answerOf({ ...head, kind: 'http', status, body: message });
  }
  if (reply !== LATE && isWebPage(reply)) return webPage(reply);
  if (sent.kind === 'partial') return { ...sent, message: shown(sent.message) };
  return { kind: 'accepted', millis: millisSince(start) };
}

const NO_HEAD = { contentType: '', retryAfter: null, location: null };

/** Most servers redirect to a path of their own. */
function absolute(location: string, url: string): string {
  return URL.canParse(location, url) ? new URL(location, url).href : location;
}
