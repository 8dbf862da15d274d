export { explainConnection } from './connection.ts';
export { createExplainContext, type ExplainContext } from './context.ts';
export { explainJaeger } from './jaeger.ts';
export { explainSendOutcome } from './send-outcome.ts';
