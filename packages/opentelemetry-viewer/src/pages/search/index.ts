export { formatTags } from './tags.ts';
export { readTraceFilter, searchUrl, toTraceQuery } from './trace-filter.ts';
export { findTraceList, renderTraceListPage, summaryToJson } from './trace-list-page.ts';
