// `npm run build`: the whole program as one file, for any Node from 22.16, and its source map. The arguments of
// `node build.ts` are another entry and another file.
import { bundleFile } from './bundle-file.ts';
import { readArguments, usageError } from './script-arguments.ts';

const { positionals } = readArguments({ allowPositionals: true });
const [input = 'src/index.ts', file = 'dist/node.js', other] = positionals;
if (other !== undefined) usageError(`Unexpected argument "${other}"; use an entry and a file.`);
await bundleFile(input, file);
