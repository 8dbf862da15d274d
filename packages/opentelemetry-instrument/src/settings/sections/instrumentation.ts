import { parseNames, parsePatterns } from '../parsers.ts';
import type { Variable } from '../variable.ts';
import { boolean, choice, choices, texts } from '../variable-kinds.ts';

/** Variables of the instrumentation. */
export const instrumentationVariables = {
  OTEL_JS_LOGGING_AUTO_INSTRUMENTATION_ENABLED: boolean({
    help: 'console.log() and similar methods also create log records',
  }),
  OTEL_JS_FETCH_AUTO_INSTRUMENTATION_ENABLED: boolean({
    help: 'fetch() creates spans, by the hono-opentelemetry that the program has installed',
  }),
  OTEL_JS_EXCLUDED_URLS: {
    form: '<regexp>,…',
    default: [] as readonly RegExp[],
    defaultText: '',
    help: 'regular expressions; requests whose URL matches get no telemetry',
    parse: parsePatterns,
  },
  OTEL_JS_FAST_PATH_ENABLED: boolean({
    default: true,
    help: 'faster spans and histograms than those of the SDK, with the same result',
  }),
  OTEL_SEMCONV_STABILITY_OPT_IN: choices({
    values: ['http', 'http/dup', 'database', 'database/dup'],
    default: [],
    help: 'http/dup and database/dup: also emit attributes with their old names',
  }),
  OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN: choice({
    values: ['logs', 'logs/dup'],
    default: undefined,
    defaultText: 'an event of the span',
    help: 'exceptions as log records, or as both',
  }),
  OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS: texts({
    default: undefined,
    defaultText: 'those of RFC 9110, `PATCH` and `QUERY`',
    help: 'methods that keep their name, any other is _OTHER; replaces the default',
  }),
  OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SERVER_REQUEST: names(
    'request headers to record as attributes, X-.* for a prefix; secrets as REDACTED',
  ),
  OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SERVER_RESPONSE: names(
    'response headers to record as attributes, likewise',
  ),
  OTEL_JS_SENSITIVE_NAMES: names(
    'query parameters and headers whose values are recorded as REDACTED, in addition to names that look like secrets',
  ),
};

function names(help: string): Variable<readonly (string | RegExp)[]> {
  return { form: '<name or regexp>,…', default: [], defaultText: '', help, parse: parseNames };
}
