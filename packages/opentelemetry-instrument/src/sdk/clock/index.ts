export { alignLogTimes } from './align-log-times.ts';
export { orderMetricTimes } from './order-metric-times.ts';
export {
  type ClockedSpan,
  clockOffsetOf,
  readClockOffset,
  readTime,
  toHrTime,
} from './span-clock.ts';
