// A program whose own copy of the API has another version than that of the command. The argument `sdk` makes
// it register an SDK. It prints which spans that SDK has, and whether a span of the API is recorded.
import process from 'node:process';
import * as api from '@opentelemetry/api';

const { trace } = api;

const own = [];
const span = { spanContext: () => ({}), isRecording: () => true, end() {} };
const provider = {
  getTracer: () => ({
    startSpan(name) {
      own.push(name);
      return span;
    },
  }),
};
trace.getTracer('before').startSpan('buy milk').end();
// Version 1.10 has logs.
api.logs?.getLogger('shop').emit({ body: 'out of milk' });
const isRegistered = process.argv[2] === 'sdk' && trace.setGlobalTracerProvider(provider);
const bread = trace.getTracer('after').startSpan('buy bread');
bread.end();
process.stdout.write(JSON.stringify({ isRegistered, own }));
