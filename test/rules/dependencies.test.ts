import { expect, test } from 'vitest';
import { readRepositoryFile } from '../support/repository-files.ts';
import { openTelemetryBreaches, rangeBreaches } from './dependency-rules.ts';

test('package.json names exact versions', () => {
  expect(rangeBreaches(JSON.parse(readRepositoryFile('package.json')))).toEqual([]);
});

test('exactly one @opentelemetry/api is installed, and the other packages are of one release', () => {
  expect(openTelemetryBreaches(JSON.parse(readRepositoryFile('package-lock.json')))).toEqual([]);
});

test.each(['^4.13.0', '~1.0.0', '1.x', '*', 'latest', '1.2', 'npm:other@^1.0.0', '>=1.0.0'])(
  'rangeBreaches() catches %s',
  (version) => {
    expect(rangeBreaches({ dependencies: { hono: version } })).toHaveLength(1);
    expect(rangeBreaches({ devDependencies: { hono: version } })).toHaveLength(1);
  },
);

test.each(['4.13.19', '1.0.0-rc.1', 'npm:@scope/other@0.214.0'])(
  'rangeBreaches() allows %s',
  (version) => {
    expect(rangeBreaches({ dependencies: { hono: version } })).toEqual([]);
  },
);

const good = {
  'node_modules/@opentelemetry/api': { version: '1.9.1' },
  'node_modules/@opentelemetry/semantic-conventions': { version: '1.45.0' },
  'node_modules/@opentelemetry/core': { version: '2.12.0' },
  'node_modules/@opentelemetry/sdk-logs': { version: '0.223.0' },
  'node_modules/hono': { version: '4.13.19' },
};

test.each([
  ['node_modules/a/node_modules/@opentelemetry/api', '1.9.1', 'api is installed more than once'],
  ['node_modules/a/node_modules/@opentelemetry/core', '2.12.0', 'core is installed more than once'],
  ['node_modules/@opentelemetry/resources', '2.11.0', 'mixed: 2.11.0, 2.12.0'],
  ['node_modules/@opentelemetry/sdk-metrics', '3.0.0', 'mixed: 2.12.0, 3.0.0'],
  ['node_modules/@opentelemetry/api-logs', '0.222.0', 'mixed: 0.222.0, 0.223.0'],
])('openTelemetryBreaches() catches %s at %s', (place, version, words) => {
  expect(openTelemetryBreaches({ packages: good })).toEqual([]);
  const breaches = openTelemetryBreaches({ packages: { ...good, [place]: { version } } });
  expect(breaches).toEqual([expect.stringContaining(words)]);
});

test('openTelemetryBreaches() catches a lockfile without the API', () => {
  expect(openTelemetryBreaches({ packages: {} })).toEqual(['@opentelemetry/api is missing']);
});
