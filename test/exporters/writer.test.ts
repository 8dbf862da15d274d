import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { expect, test } from 'vitest';
import { createWriter } from '../../exporters/terminal/writer.ts';

const SUCCESS = { code: ExportResultCode.SUCCESS };

/**
 * Creates an output that follows `steps`: a number of bytes is accepted, an error code is thrown. Then
 * it accepts all bytes.
 */
function scriptedOutput(steps: readonly (number | string)[]) {
  const left = [...steps];
  const output = {
    text: '',
    writes: 0,
    async write(bytes: Uint8Array) {
      output.writes++;
      const step = left.shift() ?? bytes.length;
      if (typeof step === 'string') throw Object.assign(new Error(step), { code: step });
      output.text += Buffer.from(bytes.subarray(0, step)).toString();
      return Math.min(step, bytes.length);
    },
  };
  return output;
}

async function writeAll(steps: readonly (number | string)[], texts: readonly string[]) {
  const output = scriptedOutput(steps);
  const writer = createWriter(() => output);
  const results: ExportResult[] = [];
  for (const text of texts) writer.write(text, (result) => results.push(result));
  await writer.flush();
  return { output, writer, results };
}

test('createWriter() writes records that arrive together in one write, in order', async () => {
  const { output, results } = await writeAll([], ['a\n', 'b\n', 'c\n']);
  expect(output).toMatchObject({ text: 'a\nb\nc\n', writes: 1 });
  expect(results).toEqual([SUCCESS, SUCCESS, SUCCESS]);
});

test('createWriter() continues a partial write, even within a character', async () => {
  const { output, results } = await writeAll([1, 2], ['ä€\n', 'b\n']);
  expect(output.writes).toBe(3);
  expect(results).toEqual([SUCCESS, SUCCESS]);
});

test('createWriter() retries after a full pipe (EAGAIN) and a full disk (ENOSPC)', async () => {
  const { output, results } = await writeAll(['EAGAIN', 1, 'EAGAIN', 'ENOSPC'], ['abc\n']);
  expect(output.text).toBe('abc\n');
  expect(results).toEqual([SUCCESS]);
});

test('createWriter() fails all records after a closed pipe, without an error or another write', async () => {
  const { output, writer, results } = await writeAll([3, 'EPIPE'], ['a\n', 'b\n', 'c\n']);
  writer.write('d\n', (result) => results.push(result));
  await writer.flush();
  const failed = { code: ExportResultCode.FAILED };
  expect(results).toEqual([SUCCESS, failed, failed, failed]);
  expect(output.writes).toBe(2);
});

test('createWriter() fails records with the error if the output cannot be opened', async () => {
  const writer = createWriter(() => {
    throw Object.assign(new Error('EBADF: bad file descriptor'), { code: 'EBADF' });
  });
  const results: ExportResult[] = [];
  writer.write('a\n', (result) => results.push(result));
  await writer.flush();
  expect(results).toHaveLength(1);
  expect(results[0]?.error?.message).toContain('EBADF');
});

test('createWriter() fails a record that does not fit into the queue, with both sizes in the error', async () => {
  const output = scriptedOutput([]);
  const writer = createWriter(() => output, { maxBytes: 10 });
  const results: ExportResult[] = [];
  for (const text of ['12345678\n', 'xx\n']) writer.write(text, (result) => results.push(result));
  expect(results[0]?.error?.message).toMatch(/9 of at most 10 bytes/);
  await writer.flush();
  expect(results).toHaveLength(2);
  expect(output.text).toBe('12345678\n');
  writer.write('fits\n', (result) => results.push(result));
  await writer.flush();
  expect(results[2]).toEqual(SUCCESS);
});

test('createWriter() continues after a callback that throws', async () => {
  const output = scriptedOutput([]);
  const writer = createWriter(() => output);
  writer.write('a\n', () => {
    throw new Error('not the business of the writer');
  });
  writer.write('b\n', () => {});
  await writer.flush();
  writer.write('c\n', () => {});
  await writer.flush();
  expect(output.text).toBe('a\nb\nc\n');
});
