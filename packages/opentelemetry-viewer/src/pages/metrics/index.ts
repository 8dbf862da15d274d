export { renderMetricsPage } from './metrics-page.ts';
export { rateRoutes } from './request-rates.ts';
