export { reportConnection } from './connection.ts';
export { createPage, type ReportPage } from './page.ts';
export { reportSendOutcome } from './send-outcome.ts';
