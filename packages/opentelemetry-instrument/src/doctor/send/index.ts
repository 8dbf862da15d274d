export { findInJaeger } from './find-in-jaeger.ts';
export { scrape } from './scrape.ts';
export { sendRecord } from './send-record.ts';
export { toSendOutcome } from './to-send-outcome.ts';
