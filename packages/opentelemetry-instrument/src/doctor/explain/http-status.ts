import type { Answer, Cause } from '../diagnosis.ts';
import { says } from '../show.ts';
import { explainSpeech } from './detected-protocol.ts';
import { assignEndpoint, type Circumstances, explainHeaders } from './setting-names.ts';

/** Why a server refuses an export request, by its status. */
export function explainHttpStatus(answer: Answer & { kind: 'http' }, about: Circumstances): Cause {
  const { status, retryAfter, location, body, worksAt, speaks } = answer;
  const { names, signal, protocol } = about;
  if (speaks?.kind === 'tls') return explainSpeech({ code: String(status), speaks }, about);

  const refuses = `the server answers ${status}`;
  switch (status) {
    case 400:
      return {
        because: `${refuses}: it does not understand the request${says(body)}.`,
        change: `Look whether an OTLP receiver listens there, and at ${names.protocol}.`,
      };
    case 401:
    case 403: {
      const { sent, change } = explainHeaders(about);
      return { because: `${refuses}: it does not let us in${says(body)}; ${sent}.`, change };
    }
    case 404:
    case 405:
      return {
        because: `${refuses}: there is no receiver of ${signal} at this path.`,
        change: worksAt
          ? `Set ${assignEndpoint(names, worksAt)}`
          : `Write the path in ${names.endpoint}, or ${names.exporter}=none if this server takes no ${signal}, as Jaeger takes traces only.`,
      };
    case 413:
      return {
        because: `${refuses}: one record is too large for it already${says(body)}.`,
        change: 'Raise the limit of request bodies, of the server or of a proxy before it.',
      };
    case 415:
      return {
        because: `${refuses}: it does not take ${protocol}${says(body)}.`,
        change: `Set ${names.protocol}=${protocol === 'http/json' ? 'http/protobuf' : 'http/json'}, or correct ${names.endpoint}.`,
      };
    case 429:
    case 502:
    case 503:
    case 504: {
      const wait = retryAfter === null ? '' : ` and asks to wait (Retry-After: ${retryAfter})`;
      const [what, change] =
        status === 502 || status === 504
          ? [
              'a proxy does not reach the Collector behind it',
              'Start the Collector behind that proxy.',
            ]
          : [
              'it is overloaded, or not ready',
              "Look at the Collector's memory and queues, or send less.",
            ];
      return { because: `${refuses}: ${what}${wait}${says(body)}.`, change };
    }
  }
  if (status >= 300 && status <= 399) {
    return {
      because: `${refuses}, a redirect, which exporters do not follow.`,
      // Anywhere else is a page to log in, as a rule.
      change: location?.endsWith(`/v1/${signal}`)
        ? `Set ${assignEndpoint(names, location)}`
        : `Write in ${names.endpoint} where OTLP is taken; this leads to ${location ?? 'nowhere'}.`,
    };
  }
  return {
    because: `${refuses}${says(body)}.`,
    change: "Look at the server's own log.",
  };
}
