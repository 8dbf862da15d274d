import { expect, test } from 'vitest';
import { doctorHelpText, helpText } from '../../src/help-text.ts';
import { appVariables } from '../../src/settings/index.ts';

const text = helpText('1.2.3');

test('helpText() starts with the usage', () => {
  expect(text).toMatch(/^Usage: node src\/index\.ts \[doctor\] \[flags\]/);
});

test.each(Object.entries(appVariables))('helpText() lists the flag of %s', (name, { flag }) => {
  expect(text).toMatch(new RegExp(`^  .*--${flag ?? name.slice(5).toLowerCase()}(?: |$)`, 'm'));
});

test('helpText() lists the other flags, the doctor and the exit codes', () => {
  for (const word of [
    '-p, --port',
    '--otlp',
    '-h, --help',
    '--version',
    '  doctor ',
    'Exit codes',
  ]) {
    expect(text).toContain(word);
  }
});

test('helpText() shows switches without a value', () => {
  expect(text).toMatch(/--demo {3,}the page/);
});

test('doctorHelpText() is about the doctor only', () => {
  expect(doctorHelpText()).toMatch(/^Usage: node src\/index\.ts doctor /);
  expect(doctorHelpText()).toContain('--json');
  expect(doctorHelpText()).not.toContain('--port');
});

test.each([text, doctorHelpText()])('the help fits into 80 columns', (help) => {
  expect(help.split('\n').filter((line) => line.length > 80)).toEqual([]);
});
