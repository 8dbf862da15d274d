// `npm run tree` writes docs/tree.svg. A test fails when the picture is not up to date.
import { writeFileSync } from 'node:fs';
import { readArguments } from '../script-arguments.ts';
import { drawTree } from './draw-tree.ts';

readArguments({});
writeFileSync(new URL('tree.svg', import.meta.url), await drawTree());
