export { methodNotAllowed } from './method-not-allowed.ts';
export {
  type ProblemDetails,
  type ProblemError,
  type ProblemResponse,
  respondWithProblem,
} from './problem.ts';
export { type DescribeError, respondWithError } from './respond-with-error.ts';
export { ensureError, respondNotFound, respondWithFailure } from './respond-with-failure.ts';
