import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LEFT_OUT } from '../../bench/left-out.ts';
import { root } from '../support/app-command.ts';

test.each(LEFT_OUT)(
  'the code of "$name" that bench:differences leaves out is there once',
  (part) => {
    for (const { file, find } of part.edits) {
      expect(readFileSync(join(root, file), 'utf8').split(find)).toHaveLength(2);
    }
  },
);
