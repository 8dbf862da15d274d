// A program that logs. Arguments: `plain`, `recorded` or `redirected`, and a file for the records.
// biome-ignore-all lint/suspicious/noConsole: that is what it is for.
import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { context, trace } from '@opentelemetry/api';
import { logs } from '@opentelemetry/api-logs';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  InMemoryLogRecordExporter,
  LoggerProvider,
  SimpleLogRecordProcessor,
} from '@opentelemetry/sdk-logs';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { instrumentConsole } from '../../../packages/opentelemetry-instrument/src/sdk/console/console-logs.ts';

const [mode, file = ''] = process.argv.slice(2);
const exporter = new InMemoryLogRecordExporter();
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
if (mode !== 'plain') {
  const processors = [new SimpleLogRecordProcessor({ exporter })];
  logs.setGlobalLoggerProvider(new LoggerProvider({ processors }));
  instrumentConsole({ redirectToStderr: mode === 'redirected' });
}

// Types, which are gone when it runs, so that a line is only right if somebody has counted them.
interface Task {
  readonly title: string;
}

function logTask(task: Task): number {
  console.info('in a function', task);
  return task.title.length;
}

class TaskList {
  readonly tasks: Task[] = [];

  add(task: Task): void {
    this.tasks.push(task);
    console.warn('in a method', this.tasks.length);
  }
}

console.log('at the top', { deep: { list: [1, 'two', null] } });
logTask({ title: 'milk' });
new TaskList().add({ title: 'milk' });
const { debug } = console;
debug('taken out');
console.error.call(undefined, 'called on nothing');
['by forEach()'].forEach(console.log);

const span = new BasicTracerProvider().getTracer('test').startSpan('span');
await context.with(trace.setSpan(context.active(), span), async () => {
  await Promise.resolve();
  console.log('in a span');
});
await new Promise<void>((resolve) => setTimeout(resolve, 1));
console.log('after an await');
// Bun makes a tail call of it, which leaves no trace of the function.
const inTailPosition = () => console.log('in tail position');
inTailPosition();
setTimeout(console.log, 1, 'from a timer');
await new Promise<void>((resolve) => setTimeout(resolve, 20));

console.group('group');
console.table([{ a: 1 }]);
console.groupEnd();
console.count('count');
console.dir({ a: 1 });
console.assert(false, 'assertion');

const records = exporter.getFinishedLogRecords().map((record) => ({
  body: record.body,
  attributes: record.attributes,
  isInSpan: record.spanContext?.spanId === span.spanContext().spanId,
}));
if (file) writeFileSync(file, JSON.stringify(records));
