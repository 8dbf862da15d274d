// `npm run build`: the whole program as one file, for any Node from 22.16.
import { build } from 'rolldown';

await build({
  input: 'src/index.ts',
  platform: 'node',
  output: {
    file: 'dist/node.js',
    format: 'esm',
    // Names stay, for stack traces and `exception.type`; white space and comments go.
    minify: { mangle: false, compress: false, codegen: true },
    codeSplitting: false,
  },
});
