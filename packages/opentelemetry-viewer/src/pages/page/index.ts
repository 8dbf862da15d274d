export { serveAssets } from './assets.ts';
export {
  formatAxisTime,
  formatBytes,
  formatCount,
  formatIso,
  formatMetricValue,
  formatMillis,
  formatTick,
  formatTime,
  parseMillis,
} from './format.ts';
export { attr, esc, escapeControls, escLines, shorten } from './html.ts';
export { type PageContent, renderLayout } from './layout.ts';
export { negotiateView, pageHeaders, respondInFormat } from './respond.ts';
