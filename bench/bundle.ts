import { join } from 'node:path';
import { bundleFile } from '../bundle-file.ts';
import { root } from '../test/support/app-command.ts';
import type { LeftOut } from './left-out.ts';

/**
 * Makes one file of an entry, as `npm run build` does of `source`, which is src/index.ts.
 * @param leftOut a part of the code that the file does not get
 * @returns its path from the repository's root
 */
export async function bundle(entry: string, leftOut?: LeftOut): Promise<string> {
  const isSource = entry === 'source';
  const input = isSource ? 'src/index.ts' : entry;
  const output = isSource ? 'dist/node.js' : `dist/${entry.replace(/\.ts$/, '.js')}`;
  const file = leftOut ? `dist/bench/without-${leftOut.name.replaceAll(/\W+/g, '-')}.js` : output;
  const edits = new Set(leftOut?.edits);
  await bundleFile(join(root, input), join(root, file), [
    {
      name: 'leave-out',
      transform(code, id) {
        for (const edit of edits) {
          if (!id.endsWith(edit.file)) continue;
          if (!code.includes(edit.find)) throw new Error(`${edit.file} has no "${edit.find}".`);
          edits.delete(edit);
          return { code: code.replace(edit.find, () => edit.replace), map: null };
        }
        return undefined;
      },
    },
  ]);
  for (const edit of edits) throw new Error(`${edit.file} is not part of ${entry}.`);
  return file;
}
