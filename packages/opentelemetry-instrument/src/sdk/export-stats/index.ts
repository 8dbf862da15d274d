export { createDelivery, type Delivery } from './delivery.ts';
export { DELIVERY_SCOPE, measureDeliveries } from './delivery-metrics.ts';
export {
  countRecords,
  createLossReport,
  formatRoute,
  type LossReport,
  timeOfDay,
} from './loss-report.ts';
export { type BatchExporter, trackDelivery } from './track-delivery.ts';
