// `npm run build:browser`: style and script of the pages, minified, as a module of the program.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { build } from 'rolldown';

// A test names another file to compare with the one that is there.
const [file = 'src/http/browser-files.ts'] = process.argv.slice(2);

const style = readFileSync('src/browser/style.css', 'utf8')
  .replace(/\/\*.*?\*\//gs, '')
  .replace(/\s+/g, ' ')
  .replace(/ ?([{};,>]) ?/g, '$1')
  .replace(/: /g, ':')
  .replace(/;}/g, '}')
  .trim();

const { output } = await build({
  input: 'src/browser/app.ts',
  output: { format: 'esm', minify: true },
  write: false,
});
const script = output[0].code.trim();

function url(path: string, text: string): string {
  return `${path}?v=${createHash('sha256').update(text).digest('hex').slice(0, 8)}`;
}

// The letters of a template, in which quotes stand as they are.
function literal(text: string): string {
  return `\`${text.replace(/[\\`]|\$(?=\{)/g, '\\$&')}\``;
}

const text = `// Made by \`npm run build:browser\` of src/browser; change that.
// biome-ignore-all format: as small as it is sent

/** The style of all pages, and where it is: another text gets another address. */
export const STYLE: string = ${literal(style)};
export const STYLE_URL = '${url('/style.css', style)}';

/** The script of all pages, and where it is. */
export const SCRIPT: string = ${literal(script)};
export const SCRIPT_URL = '${url('/app.js', script)}';
`;

// Left alone where it is right: a program that starts meanwhile must not find half of it.
if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text);
