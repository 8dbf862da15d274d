import type { ExportFailure, FailureDescription } from '../../exporter.ts';
import { describeConnectionFailure } from './connection-failure.ts';
import { describeGrpcStatus, describeHttpStatus } from './describe-status.ts';
import type { FailureContext } from './failure-context.ts';

/** Describes why an export failed and what to do about it. */
export function describeFailure(
  failure: ExportFailure,
  context: FailureContext,
): FailureDescription {
  const { origin, endpoint, variables } = context;
  switch (failure.kind) {
    case 'connection':
      return describeConnectionFailure(failure, context);
    case 'http':
      return describeHttpStatus(failure, context);
    case 'grpc':
      return describeGrpcStatus(failure, context);
    case 'timeout': {
      const { status, timeoutMillis } = failure;
      const began = status === undefined ? '' : `began to respond (${status}) but `;
      return {
        problem: `${origin} ${began}did not respond completely within ${timeoutMillis} ms`,
        fix: `check the Collector, or raise ${variables.timeout}`,
      };
    }
    case 'oversized-response':
      return {
        problem: `${endpoint} responded with more than 1 MiB, which a Collector never does`,
        fix: `check ${variables.endpoint}`,
      };
    case 'unencodable':
      return { problem: 'the records cannot be encoded', fix: 'correct their attributes' };
    case 'shut-down':
      return { problem: 'the exporter was shut down', fix: 'export records before shutdown()' };
    case 'too-many-exports':
      return {
        problem: `too many exports are waiting for ${origin}`,
        fix: 'check the Collector, or export less often',
      };
  }
}
