import { join } from 'node:path';
import { env } from 'node:process';
import { root } from './app-command.ts';

/** A PATH in which `node`, `bun` and `deno` are those of `npm install`. */
export const installedPath = `${join(root, 'node_modules/.bin')}:${env.PATH}`;
