import { parseResourceAttributes } from '../parsers.ts';
import type { Variable } from '../variable.ts';
import { boolean, choice, choices, text } from '../variable-kinds.ts';

/** Variables of all signals. */
export const generalVariables = {
  OTEL_SDK_DISABLED: boolean({ help: 'no telemetry; incoming context is still propagated' }),
  OTEL_SERVICE_NAME: text({
    default: undefined,
    defaultText: 'todo',
    help: 'service.name of the resource',
  }),
  OTEL_RESOURCE_ATTRIBUTES: {
    form: '<key>=<value>,…',
    default: {} as Readonly<Record<string, string>>,
    defaultText: '',
    help: 'additional resource attributes, percent-encoded; one mistake discards all of them',
    parse: parseResourceAttributes,
  },
  OTEL_LOG_LEVEL: choice({
    values: ['none', 'error', 'warn', 'info', 'debug', 'verbose', 'all'],
    default: 'warn',
    help: 'messages of the SDK itself, on stderr',
  }),
  OTEL_PROPAGATORS: choices({
    values: ['tracecontext', 'baggage', 'b3', 'b3multi'],
    refused: {
      jaeger: 'the propagator jaeger is deprecated, Jaeger understands tracecontext',
      ottrace: 'the propagator ottrace is deprecated',
      xray: 'the propagator xray is not part of this program',
    },
    default: ['tracecontext', 'baggage'],
    help: 'formats of incoming context; none starts a new trace per request',
  }),
  OTEL_CONFIG_FILE: {
    form: '<path>',
    default: undefined,
    isFatal: true,
    help: 'not supported: it would make every other variable ignored',
    parse: () => ({
      error:
        'configuration files are not supported, and with one every other variable would be ignored; ' +
        'leave it out and set the variables',
    }),
  } satisfies Variable<undefined>,
};
