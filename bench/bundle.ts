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
  const missing = new Set(leftOut?.edits.map(({ file }) => file));
  await bundleFile(join(root, input), join(root, file), [
    {
      name: 'leave-out',
      transform(code, id) {
        let edited = code;
        for (const { file, find, replace } of leftOut?.edits ?? []) {
          if (!id.endsWith(file)) continue;
          if (!edited.includes(find)) throw new Error(`${file} has no "${find}".`);
          edited = edited.replace(find, () => replace);
          missing.delete(file);
        }
        return edited === code ? undefined : { code: edited, map: null };
      },
    },
  ]);
  for (const name of missing) throw new Error(`${name} is not part of ${entry}.`);
  return file;
}
