export {
  SCRIPT,
  SCRIPT_URL,
  STYLE,
  STYLE_URL,
  TELEMETRY,
  TELEMETRY_URL,
} from './assets.generated.ts';
export { escapeHtml, type PageTelemetry, renderPage } from './page.ts';
export { getPageTelemetry, type PageContextOptions, pageContext } from './page-context.ts';
export { activeSpanContext } from './trace-footer.ts';
