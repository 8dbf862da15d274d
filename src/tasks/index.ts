export {
  type InvalidTitle,
  MAX_TITLE_LENGTH,
  type ParsedInput,
  type ParsedTitle,
  parseTitle,
  TITLE_PATTERN,
  VISIBLE_PATTERN,
} from './parse-title.ts';
export { type NewTask, parsePositiveInteger, type Task, type TaskPatch } from './task.ts';
export {
  type RemovedTasks,
  type TaskCounts,
  type TaskFilter,
  TaskLimitError,
  type TaskRange,
  type TaskStore,
  TaskStoreUnavailableError,
} from './task-store.ts';
