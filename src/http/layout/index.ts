export {
  SCRIPT,
  SCRIPT_TEXTS,
  SCRIPT_URL,
  STYLE,
  STYLE_URL,
  TELEMETRY,
  TELEMETRY_URL,
} from './assets.generated.ts';
export { escapeHtml, type PageContext, renderPage } from './page.ts';
export {
  getPageContext,
  pageContext,
  traceUrlOf,
} from './page-context.ts';
export { respondWithPage } from './respond-with-page.ts';
export { activeSpanContext } from './trace-footer.ts';
