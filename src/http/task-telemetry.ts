import { type Attributes, type MeterProvider, metrics } from '@opentelemetry/api';
import { type LoggerProvider, logs, SeverityNumber } from '@opentelemetry/api-logs';
import type { TaskStore } from '../tasks/task-store.ts';

const SCOPE = 'todo.tasks';
const ATTR_TASK_ID = 'task.id';
const ATTR_TASK_COUNT = 'task.count';
const ATTR_TASK_OPERATION = 'task.operation';
const ATTR_EXCEPTION_TYPE = 'exception.type';

/** What became of a task, in the words of the log; `OPERATIONS` has those of the metric. */
export type TaskChange = 'added' | 'updated' | 'deleted';

const OPERATIONS = { added: 'add', updated: 'update', deleted: 'delete' } as const;

/** The app's own log records and metrics: never a title, never an exception's message. */
export interface TaskTelemetry {
  taskChanged(change: TaskChange, id: number): void;
  /** @param count of the tasks that were changed by one statement */
  tasksChanged(change: TaskChange, count: number): void;
  /** The store was locked for too long, full or read-only, and a request was turned away. */
  storeUnavailable(): void;
  /** A request ended in a 500. What was thrown stands on its span, which the record points to. */
  requestFailed(error: Error): void;
}

/**
 * Makes the instruments and the logger of the app. Call it after the providers are registered: the
 * API has no meter that starts to work later.
 * @param version of the scope
 */
export function createTaskTelemetry(
  store: Pick<TaskStore, 'count'>,
  meterProvider: MeterProvider = metrics.getMeterProvider(),
  loggerProvider: LoggerProvider = logs,
  version?: string,
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
      // Without an observation the metric has a gap, which is the truth while storage fails.
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
      log('WARN', 'task store unavailable, request turned away');
    },
    requestFailed(error) {
      log('ERROR', 'request failed', { [ATTR_EXCEPTION_TYPE]: error.constructor.name });
    },
  };
}
