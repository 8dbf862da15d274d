import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readEnvFile } from '../../../packages/opentelemetry-instrument/src/settings/index.ts';
import { useTemporaryDirectory } from '../../support/temporary-directory.ts';

const temporary = useTemporaryDirectory();

function read(text: string) {
  const path = temporary.newPath();
  writeFileSync(path, text);
  const messages: string[] = [];
  const values = readEnvFile(path, (message) => messages.push(message.replace(path, '.env')));
  return { values: { ...values }, messages };
}

test('readEnvFile() accepts assignments, comments, blank lines and values of several lines', () => {
  const text = '# a=\n\nA=1\r\n  export B = "x\ny"\nC=\nD=a=b # c\nE=\'"\'\n\t\n';
  expect(read(text)).toEqual({
    values: { A: '1', B: 'x\ny', C: '', D: 'a=b', E: '"' },
    messages: [],
  });
});

test('readEnvFile() reports each line that is not an assignment, without its text', () => {
  const { values, messages } = read('A=1\nOTEL_SERVICE_NAME s3cret\nB="x\ny"\n=3\n"quoted"\nC=2');
  expect(values).toMatchObject({ A: '1', B: 'x\ny', C: '2' });
  expect(messages).toEqual(
    [2, 5, 6].map(
      (line) => `.env, line ${line}: the line is not an assignment; it is ignored; use NAME=value`,
    ),
  );
});

test('readEnvFile() returns nothing without a file', () => {
  expect({ ...readEnvFile(temporary.newPath()) }).toEqual({});
});
