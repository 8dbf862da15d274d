// `npm run build:browser`: style and script of the pages, minified, as a module of the program.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { build, type Plugin } from 'rolldown';

// A test names another file to compare with the one that is there.
const [file = 'src/http/pages/assets.generated.ts'] = process.argv.slice(2);

const style = readFileSync('src/browser/style.css', 'utf8')
  .replace(/\/\*.*?\*\//gs, '')
  .replace(/\s+/g, ' ')
  .replace(/ ?([{};,>]) ?/g, '$1')
  .replace(/: /g, ':')
  .replace(/;}/g, '}')
  .trim();

function url(path: string, text: string): string {
  return `${path}?v=${createHash('sha256').update(text).digest('hex').slice(0, 8)}`;
}

const app = manifest('package.json');

async function bundle(input: string, plugins: Plugin[] = []): Promise<string> {
  const { output } = await build({
    input,
    plugins,
    transform: { define: { VERSION: JSON.stringify(app.version) } },
    output: { format: 'esm', minify: true },
    write: false,
  });
  return output[0].code.trim();
}

// What the bundle has of others, whose licence asks to be named.
const { version, license } = manifest('node_modules/web-vitals/package.json');
const credit = `/* with web-vitals ${version}, Copyright Google LLC, ${license} */`;
const telemetry = `${credit}\n${await bundle('src/browser/telemetry.ts')}`;
const telemetryUrl = url('/telemetry.js', telemetry);

/** A file of its own, which the script asks for when it wants it. */
const telemetryApart: Plugin = {
  name: 'telemetry-apart',
  resolveId: {
    filter: { id: /\/telemetry\.ts$/ },
    handler: () => ({ id: telemetryUrl, external: 'absolute' }),
  },
};
const script = await bundle('src/browser/app.ts', [telemetryApart]);

function manifest(path: string): { version: string; license: string } {
  return JSON.parse(readFileSync(path, 'utf8'));
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

/** What records the pages, and where the script finds it. */
export const TELEMETRY: string = ${literal(telemetry)};
export const TELEMETRY_URL = '${telemetryUrl}';
`;

// Left alone where it is right: a program that starts meanwhile must not find half of it.
if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text);
