// A server without dependencies and without instrumentation, for the start with a preload module.
import { createServer } from 'node:http';
import process from 'node:process';

const server = createServer((_, response) => response.end('ok'));
server.listen(0, '127.0.0.1', () => {
  process.stderr.write(`Listening on http://127.0.0.1:${server.address().port}\n`);
});
