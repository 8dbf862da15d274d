export { connectionFailure, isRetryable } from './connection-failure.ts';
export { describeFailure } from './describe-failure.ts';
export { grpcCodeName } from './describe-status.ts';
export {
  assignEndpoint,
  type FailureContext,
  failureContext,
} from './failure-context.ts';
export { sanitizeMessage } from './sanitize-message.ts';
