import { describe, expect, it } from 'vitest';
import { parsePositiveInteger } from '../../../src/tasks/task.ts';

describe('parsePositiveInteger()', () => {
  it.each([
    ['1', 1],
    ['42', 42],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ])('reads %j', (input, id) => {
    expect(parsePositiveInteger(input)).toBe(id);
  });

  it.each([
    ...['', ' ', '0', '-1', '+1', '01', '1.0', '1e3', '0x10', '1_000', ' 1', '1 ', '1\n'],
    ...['NaN', 'Infinity', '٣', '１', '1; DROP TABLE tasks', '9007199254740992', '9'.repeat(400)],
  ])('refuses %j', (input) => {
    expect(parsePositiveInteger(input)).toBeUndefined();
  });
});
