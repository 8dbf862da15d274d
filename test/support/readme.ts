import { join } from 'node:path';
import { env } from 'node:process';
import { root } from './app-command.ts';
import { readRepositoryFile } from './repository-files.ts';

/** The README's code blocks in a language, without their fences. */
export function readmeBlocks(language: 'sh' | 'ts'): string[] {
  const fenced = new RegExp(`^\`\`\`${language}\n(.*?)\n\`\`\`$`, 'gms');
  return [...readRepositoryFile('README.md').matchAll(fenced)].map(([, code = '']) => code);
}

/** Each command of the README, in its order. */
export function readmeCommands(): string[] {
  return readmeBlocks('sh')
    .flatMap((block) => block.replaceAll('\\\n', ' ').split(/\n| && /))
    .filter((command) => command !== '');
}

/** An environment in which `node`, `bun` and `deno` are those of `npm install`. */
export const installedPath = `${join(root, 'node_modules/.bin')}:${env.PATH}`;
