import { expect, test } from 'vitest';
import { explainKeptFlags } from '../../src/npm-arguments.ts';
import { variables } from '../support/settings.ts';

const npm = { npm_config_user_agent: 'npm/11.19.1 node/v26.10.0', npm_lifecycle_event: 'start' };

test.each([
  [['5400'], { npm_config_port: 'true' }, '--port <number>'],
  [['5400'], { npm_config_parseable: 'true' }, '-p <number>'],
  [[], { npm_config_port: '5400', npm_config_otlp: 'true' }, '--port <number> --otlp'],
  [[], { npm_config_demo: 'true' }, '--demo'],
])('explainKeptFlags() explains how to pass %j with %j', (argv, env, flags) => {
  expect(explainKeptFlags(argv, { ...npm, ...env }, variables)).toBe(
    `npm start: npm keeps flags for itself; put them after two hyphens: npm start -- ${flags}`,
  );
});

test('explainKeptFlags() names another script of package.json and does not show values', () => {
  const env = { ...npm, npm_lifecycle_event: 'dev', npm_config_exporter_otlp_headers: 'a=s3cret' };
  const message = explainKeptFlags([], env, variables);
  expect(message).toContain('npm run dev -- --exporter_otlp_headers');
  expect(message).not.toContain('s3cret');
});

test.each([
  ['flags after two hyphens', ['-p', '5400'], npm],
  ["npm's own flags", [], { ...npm, npm_config_viewer: 'browser', npm_config_parseable: 'true' }],
  ['a start without npm', [], { npm_config_port: '5400' }],
  [
    'another package manager',
    [],
    { ...npm, npm_config_user_agent: 'pnpm/10', npm_config_port: '1' },
  ],
])('explainKeptFlags() returns undefined for %s', (_, argv, env) => {
  expect(explainKeptFlags(argv, env, variables)).toBeUndefined();
});
