import type { Attributes } from '@opentelemetry/api';
import { parseResourceAttributes } from '../parsers.ts';
import { boolean, choice, choices, text } from '../variable-kinds.ts';

/** Variables of all signals. */
export const generalVariables = {
  OTEL_SDK_DISABLED: boolean({ help: 'no telemetry; incoming context is still propagated' }),
  OTEL_SERVICE_NAME: text({
    default: undefined,
    defaultText: 'unknown_service',
    help: 'service.name of the resource',
  }),
  OTEL_RESOURCE_ATTRIBUTES: {
    form: '<key>=<value>,…',
    default: {} as Attributes,
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
      jaeger: 'is deprecated, and Jaeger supports tracecontext',
      ottrace: 'is deprecated',
      xray: 'is not supported',
    },
    default: ['tracecontext', 'baggage'],
    help: 'formats of incoming context; none starts a new trace per request',
  }),
  OTEL_CONFIG_FILE: text({
    form: '<path>',
    default: undefined,
    help: 'declarative configuration, YAML; replaces all other OTEL_* variables',
  }),
};
