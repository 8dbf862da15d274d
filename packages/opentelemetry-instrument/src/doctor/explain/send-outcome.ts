import type { ExportFailure, Signal } from 'opentelemetry-instrument-exporters';
import { assignEndpoint, describeFailure } from 'opentelemetry-instrument-exporters/otlp';
import type { Cause, SendOutcome } from '../diagnosis.ts';
import { quoted } from '../show.ts';
import type { ExplainContext } from './context.ts';
import { explainDetectedProtocol } from './detected-protocol.ts';

const UNITS: Readonly<Record<Signal, string>> = {
  traces: 'span',
  metrics: 'data point',
  logs: 'log record',
};

/**
 * Returns why a record has not arrived; undefined if it has, or was not sent.
 * @param failure of the export, if the exporter reports it
 */
export function explainSendOutcome(
  outcome: SendOutcome,
  failure: ExportFailure | undefined,
  context: ExplainContext,
): Cause | undefined {
  switch (outcome.kind) {
    case 'not-sent':
    case 'accepted':
      return undefined;
    case 'partial':
      return {
        because: `the server accepted the request but rejected its ${UNITS[context.signal]}${quoted(outcome.message)}.`,
        change: 'Check the limits and filters of the server.',
      };
    case 'no-answer':
      return explainDetectedProtocol(outcome, context);
    case 'http':
      if (outcome.speaks?.kind === 'tls') {
        return explainDetectedProtocol(
          { code: String(outcome.status), speaks: outcome.speaks },
          context,
        );
      }
  }
  if (failure === undefined) {
    const message = outcome.kind === 'failed' ? outcome.message : outcome.kind;
    return {
      because: `the exporter failed: ${message}${/[.!?]$/.test(message) ? '' : '.'}`,
      change: 'Check its settings above.',
    };
  }
  const { problem, fix } = describeFailure(failure, context);
  const change =
    outcome.kind === 'http' && outcome.worksAt
      ? `set ${assignEndpoint(context.variables, outcome.worksAt)}`
      : fix;
  return {
    because: `${problem}.`,
    change: change.replace(/^[a-z]/, (letter) => letter.toUpperCase()),
  };
}
