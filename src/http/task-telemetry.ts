import { type Attributes, type MeterProvider, metrics } from '@opentelemetry/api';
import { type LoggerProvider, logs, SeverityNumber } from '@opentelemetry/api-logs';
import type { TaskStore } from '../tasks/index.ts';

const SCOPE = 'todo.tasks';
const ATTR_TASK_ID = 'task.id';
const ATTR_TASK_COUNT = 'task.count';
const ATTR_TASK_OPERATION = 'task.operation';
const ATTR_EXCEPTION_TYPE = 'exception.type';

/** Change to a task, in the words of the log; `OPERATIONS` has those of the metric. */
export type TaskChange = 'added' | 'updated' | 'moved' | 'deleted' | 'restored';

const OPERATIONS = {
  added: 'add',
  updated: 'update',
  moved: 'move',
  deleted: 'delete',
  restored: 'restore',
} as const;

/** The app's own log records and metrics. They contain no titles and no exception messages. */
export interface TaskTelemetry {
  taskChanged(change: TaskChange, id: number): void;
  /** @param count number of tasks that one statement changed */
  tasksChanged(change: TaskChange, count: number): void;
  /** Called when a request fails because the store is locked, full or read-only. */
  storeUnavailable(): void;
  /** Called when a request ends with 500. The exception is on the span that the record belongs to. */
  requestFailed(error: Error): void;
}

/** Options of `createTaskTelemetry()`. All of them are optional. */
export interface TaskTelemetryOptions {
  /** Version of the scope. */
  readonly version?: string;
  /** @default the global meter provider */
  readonly meterProvider?: MeterProvider;
  /** @default the global logger provider */
  readonly loggerProvider?: LoggerProvider;
}

/**
 * Creates the instruments and the logger of the app. Call it after the providers are registered: a
 * meter of the API never starts to work later.
 */
export function createTaskTelemetry(
  store: Pick<TaskStore, 'count'>,
  {
    version,
    meterProvider = metrics.getMeterProvider(),
    loggerProvider = logs,
  }: TaskTelemetryOptions = {},
): TaskTelemetry {
  const meter = meterProvider.getMeter(SCOPE, version);
  const changes = meter.createCounter('task.changes', {
    description: 'Changes to the list of tasks, by operation',
    unit: '{change}',
  });
  meter
    .createObservableUpDownCounter('task.count', {
      description: 'Tasks in the list',
      unit: '{task}',
    })
    .addCallback(async (result) => {
      // While storage fails nothing is observed, so the metric has a gap.
      const count = await store.count().catch(() => undefined);
      if (count !== undefined) result.observe(count.active + count.completed);
    });

  const logger = loggerProvider.getLogger(SCOPE, version);
  const log = (severity: 'INFO' | 'WARN' | 'ERROR', body: string, attributes: Attributes = {}) =>
    logger.emit({
      severityNumber: SeverityNumber[severity],
      severityText: severity,
      body,
      attributes,
    });

  return {
    taskChanged(change, id) {
      changes.add(1, { [ATTR_TASK_OPERATION]: OPERATIONS[change] });
      log('INFO', `task ${change}`, { [ATTR_TASK_ID]: id });
    },
    tasksChanged(change, count) {
      changes.add(count, { [ATTR_TASK_OPERATION]: OPERATIONS[change] });
      log('INFO', `tasks ${change}`, { [ATTR_TASK_COUNT]: count });
    },
    storeUnavailable() {
      log('WARN', 'task store unavailable, request refused');
    },
    requestFailed(error) {
      log('ERROR', 'request failed', { [ATTR_EXCEPTION_TYPE]: error.constructor.name });
    },
  };
}

/** Wraps a store so that the app's telemetry records each change. */
export function instrumentTaskStore(store: TaskStore, telemetry: TaskTelemetry): TaskStore {
  return {
    list: (range) => store.list(range),
    count: () => store.count(),
    get: (id) => store.get(id),
    ping: () => store.ping(),
    async add(task) {
      const added = await store.add(task);
      telemetry.taskChanged('added', added.id);
      return added;
    },
    async update(id, patch, version) {
      const updated = await store.update(id, patch, version);
      if (updated) telemetry.taskChanged('updated', id);
      return updated;
    },
    async move(id, after) {
      const moved = await store.move(id, after);
      if (moved) telemetry.taskChanged('moved', id);
      return moved;
    },
    async completeAll(completed) {
      const count = await store.completeAll(completed);
      if (count > 0) telemetry.tasksChanged('updated', count);
      return count;
    },
    async remove(id, version) {
      const removed = await store.remove(id, version);
      if (removed) telemetry.taskChanged('deleted', id);
      return removed;
    },
    async removeAll(filter) {
      const count = await store.removeAll(filter);
      if (count > 0) telemetry.tasksChanged('deleted', count);
      return count;
    },
    async restore(removed) {
      const count = await store.restore(removed);
      if (count > 0) telemetry.tasksChanged('restored', count);
      return count;
    },
  };
}
