export {
  httpStatus,
  isCall,
  kindName,
  logSeverity,
  logText,
  serviceClass,
  shortSubject,
  spanMillis,
  spanProblem,
  spanStart,
  spanTitle,
  sqlText,
} from './span-facts.ts';
export { groupSpans, renderSpanStatistics } from './span-statistics.ts';
export { formatTextTree } from './text-tree.ts';
export { noteTrace } from './trace-notes.ts';
export { layOutTrace, type SpanNode, type Waterfall, type WaterfallRow } from './waterfall.ts';
