// Writes what docs/settings.md says: `npm run docs`. A test fails when the page is not up to date.
import { stdout } from 'node:process';
import { flagOf } from '../packages/opentelemetry-instrument/src/settings/parse-flags.ts';
import type { Variable } from '../packages/opentelemetry-instrument/src/settings/variable.ts';
import { telemetrySections } from '../packages/opentelemetry-instrument/src/settings/variables.ts';
import { appVariables } from '../src/settings.ts';

const INTRODUCTION = `# Settings

All settings, as environment variables, flags, or lines of a \`.env\` file. This page is
generated from the tables in [\`settings/variables.ts\`](../packages/opentelemetry-instrument/src/settings/variables.ts) and the app's own
[\`settings.ts\`](../src/settings.ts), which the program also reads.

## How a value is found

1. A flag: \`--service_name todo\`, \`--service-name=todo\`. Every \`OTEL_X_Y\` is a flag \`--x_y\`.
2. The environment. An empty variable counts as unset, and overrides the file.
3. The file \`.env\` in the working directory, the same on Node, Bun and Deno.
4. The default. It is the [specification's](https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/),
   but: with nothing set, traces and logs go to the \`tree\` on stderr and metrics nowhere, instead of OTLP to
   localhost; the service is called \`todo\`; queues and batches are larger, so that 5,000
   requests per second lose nothing to a collector that responds in 50 ms; the console prints metrics every 10 s; the SDK's
   infos are not shown, which repeat what the program says of failed exports.

\`node dist/node.js doctor\` shows the effective values, and where each comes from.

## How a value is read

- **Empty**, or only blanks, is unset.
- **true|false**: \`true\` in any case is true, all else is false.
- **\\<number>**, **\\<ms>**: digits alone, at most 2147483647. \`10.5\`, \`1e3\` and \`-1\` are mistakes. A timeout of 0 is no limit.
- **Choices** may be written in upper case. A **list** has commas between its entries; \`none\` in it wins.
- **\\<key>=\\<value>,…**: percent-encoded, with a comma in a value as \`%2C\` and a percent sign as \`%25\`.

All mistakes are reported on stderr before the first request, one line each: the variable, the value as written, the
effect and a fix. An invalid value counts as unset. Fatal mistakes end the program with exit
code 2: an unknown flag, an invalid port, a certificate that cannot be read,
\`OTEL_CONFIG_FILE\`. Unknown \`OTEL_*\` names are reported with the nearest known one, and never with their value; the
values of headers, and passwords and queries of URLs, are not shown either.

Python's \`OTEL_PYTHON_EXCLUDED_URLS\`, \`OTEL_PYTHON_FLASK_EXCLUDED_URLS\` and
\`OTEL_PYTHON_LOGGING_AUTO_INSTRUMENTATION_ENABLED\` are taken for ours, with a note. \`OTEL_DENO*\` are Deno's own.
\`NO_COLOR\` and \`FORCE_COLOR\` control the colors of the tree.
`;

const sections = { 'The program': appVariables, ...telemetrySections };
stdout.write(`${INTRODUCTION}\n${Object.entries(sections).map(section).join('\n')}`);

function section([title, variables]: [string, object]): string {
  const rows = Object.entries<Variable<unknown>>(variables as never).map(
    ([name, variable]) =>
      `| \`${name}\` | \`--${flagOf(name, variable)}\` | ${cell(variable.form)} | ${standard(variable)} | ${cell(variable.help)} |`,
  );
  return `## ${title}

| variable | flag | value | default | |
| --- | --- | --- | --- | --- |
${rows.join('\n')}
`;
}

function standard({ default: value, defaultText }: Variable<unknown>): string {
  return defaultText ?? (value === undefined ? '' : `\`${value}\``).replace(/^``$/, '');
}

/** Bars and angle brackets mean something in a Markdown table. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '\\<');
}
