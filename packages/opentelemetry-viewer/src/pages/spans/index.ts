export {
  hasError,
  httpStatus,
  isCall,
  kindName,
  logService,
  logSeverity,
  logText,
  serviceClass,
  shortSubject,
  spanMillis,
  spanProblem,
  spanService,
  spanStart,
  spanTitle,
  sqlText,
  toMillis,
  valueText,
} from './span-facts.ts';
export { groupSpans, renderSpanStatistics } from './span-statistics.ts';
export { formatTextTree } from './text-tree.ts';
export { noteTrace } from './trace-notes.ts';
export { layOutTrace, type SpanNode, type Waterfall, type WaterfallRow } from './waterfall.ts';
