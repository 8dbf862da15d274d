import { addressOf } from './endpoint.ts';
import type { OtlpOptions } from './options.ts';
import { sanitizeMessage } from './sanitize-message.ts';
import { MAX_ANSWER } from './transport.ts';

const PREFIX = 'OTEL_EXPORTER_OTLP';
const BASE = `${PREFIX}_ENDPOINT`;
const SIGNAL_PATH = /\/v1\/(?:traces|metrics|logs)$/;

const SMALLER = 'lower OTEL_BSP_MAX_EXPORT_BATCH_SIZE or OTEL_BLRP_MAX_EXPORT_BATCH_SIZE';

const REMEDIES: Readonly<Record<number, string>> = {
  401: `check ${PREFIX}_HEADERS`,
  403: `check ${PREFIX}_HEADERS`,
  404: `check the path in ${BASE}`,
  405: `check the path in ${BASE}`,
  413: SMALLER,
  415: `set ${PREFIX}_PROTOCOL to one that it takes`,
};

/** The codes of gRPC by their numbers, and what to do about some. */
const CODES: readonly (readonly [name: string, remedy?: string])[] = [
  ['OK'],
  ['CANCELLED'],
  ['UNKNOWN'],
  ['INVALID_ARGUMENT'],
  ['DEADLINE_EXCEEDED'],
  ['NOT_FOUND'],
  ['ALREADY_EXISTS'],
  ['PERMISSION_DENIED', `check ${PREFIX}_HEADERS`],
  [
    'RESOURCE_EXHAUSTED',
    `where batches are too large, ${SMALLER}, or raise max_recv_msg_size_mib of the Collector, 4 by default`,
  ],
  ['FAILED_PRECONDITION'],
  ['ABORTED'],
  ['OUT_OF_RANGE'],
  ['UNIMPLEMENTED', `check ${PREFIX}_ENDPOINT, and that it takes this signal`],
  ['INTERNAL'],
  ['UNAVAILABLE'],
  ['DATA_LOSS'],
  ['UNAUTHENTICATED', `check ${PREFIX}_HEADERS`],
];

const SEE_LOG = 'see the log of the Collector there';

/** Says of a call that failed why, and what to do. Has no full stop. @param message the other end's */
export function explainStatus(code: number, message: string, settings: OtlpOptions): Error {
  const [name, remedy = SEE_LOG] = CODES[code] ?? [`code ${code}`];
  const error = new Error(
    `${addressOf(settings)} refuses with ${name}${saying(message, settings)}: ${remedy}`,
  );
  return Object.assign(error, { code: name });
}

export interface Answer {
  readonly status: number;
  /** Without parameters. */
  readonly contentType: string;
  readonly location?: string | undefined;
  /** What the other end says of it; empty where it says nothing. */
  readonly message?: string;
}

/** Says of an answer that took nothing what it was and what to do. Has no full stop. */
export function explainAnswer(answer: Answer, settings: OtlpOptions): Error {
  const { status, contentType, location, message = '' } = answer;
  const address = addressOf(settings);
  if (status >= 300 && status < 400 && location) {
    const variable = settings.endpoint?.variable ?? BASE;
    const target = targetOf(location, settings);
    // To the base the path of the signal is added.
    const written = variable === BASE ? target.replace(SIGNAL_PATH, '') : target;
    return new Error(
      `${address} redirects (${status}), which is not followed: write where it redirects to, ${written}, in ${variable}`,
    );
  }
  if (contentType === 'text/html') {
    return new Error(
      `${address} answers with a web page (${status}), so a proxy or something else is there: check ${BASE}`,
    );
  }
  const remedy = REMEDIES[status] ?? SEE_LOG;
  return new Error(
    `${address} refuses with status ${status}${saying(message, settings)}: ${remedy}`,
  );
}

function saying(message: string, settings: OtlpOptions): string {
  const quoted = sanitizeMessage(message, settings);
  return quoted === '' ? '' : `, saying "${quoted}"`;
}

/** Says of an answer that nobody reads to its end. */
export function hugeAnswer(settings: OtlpOptions): Error {
  return new Error(
    `${addressOf(settings)} answers with more than ${MAX_ANSWER} bytes, which no Collector does: check ${BASE}`,
  );
}

function targetOf(location: string, settings: OtlpOptions): string {
  const url = URL.canParse(location, settings.url) ? new URL(location, settings.url).href : '';
  return addressOf({ ...settings, url: url || settings.url });
}
