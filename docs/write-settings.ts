// `npm run docs` writes docs/settings.md. A test fails when the page is not up to date.
import { stdout } from 'node:process';
import {
  flagOf,
  type Variable,
} from '../packages/opentelemetry-instrument/src/settings/variable.ts';
import { telemetrySections } from '../packages/opentelemetry-instrument/src/settings/variables.ts';
import { readArguments } from '../script-arguments.ts';
import { appVariables } from '../src/settings/index.ts';

readArguments({});

const INTRODUCTION = `# Settings

All settings, as environment variables, flags, or lines of a \`.env\` file. This page is
generated from the tables in [\`settings/variables.ts\`](../packages/opentelemetry-instrument/src/settings/variables.ts) and the app's own
[\`src/settings/variables.ts\`](../src/settings/variables.ts), which the program also reads.

## How a value is found

1. A flag: \`--service_name todo\`, \`--service-name=todo\`. Every \`OTEL_X_Y\` is a flag \`--x_y\`.
2. The environment. An empty variable counts as unset, and overrides the file.
3. The file \`.env\` in the working directory, the same on Node, Bun and Deno.
4. The default. It is the [specification's](https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/),
   with these exceptions:
   - With nothing set, traces and logs go to the \`tree\` on stderr instead of OTLP to localhost, and metrics are off.
   - The service is called \`todo\`.
   - Queues and batches are larger: at 5,000 requests per second, nothing is lost to a collector that responds in 50 ms.
   - The console prints metrics every 10 s.
   - Info messages of the SDK are hidden, because they repeat the program's own reports of failed exports.

\`node dist/node.js doctor\` shows the effective values, and where each comes from.

## How a value is read

- An **empty** value, or one of blanks only, counts as unset.
- **true|false**: \`true\` in any case is true, all else is false.
- **\\<number>**, **\\<ms>**: digits alone, at most 2147483647. \`10.5\`, \`1e3\` and \`-1\` are mistakes. A timeout of 0 means no limit.
- **Choices** may be written in upper case. A **list** has commas between its entries; \`none\` in it wins.
- **\\<key>=\\<value>,…**: percent-encoded, with a comma in a value as \`%2C\` and a percent sign as \`%25\`.

All mistakes are reported on stderr before the first request, one line each:

\`\`\`
--port: "abc" is not a port; use a whole number from 0 to 65535
OTEL_BSP_SCHEDULE_DELAY: "5s" is not a whole number; using the default (5000); use milliseconds, from 0 to 2147483647
\`\`\`

Each line has the flag or the variable, the value as written, the
effect and a fix. An invalid value counts as unset. Fatal mistakes end the program with exit
code 2: an unknown flag, an invalid port, database, proxy, host or origin, a certificate that cannot be read,
a mistake in a configuration file. Unknown \`OTEL_*\` names are reported with the nearest known one, and never with their value; the
values of headers, and passwords and queries of URLs, are not shown either.

\`OTEL_CONFIG_FILE\` names a declarative
[configuration file](https://opentelemetry.io/docs/specs/otel/configuration/data-model/), \`file_format\` 1.0 to 1.2.
A file has at most 128 KiB and 100 aliases. Environment variables can be used in it: \`\${NAME}\` or \`\${NAME:-default}\`. All other \`OTEL_*\` variables are then
ignored, and listed once. The file may contain the resource, limits, propagators, batch and simple processors, periodic and pull
readers, and views, with which histograms have no exemplars. The samplers are \`always_on\`, \`always_off\`, \`trace_id_ratio_based\` and \`parent_based\`. The exporters are
\`otlp_http\`, \`otlp_grpc\`, \`console\`, \`prometheus/development\`, \`tree\` and \`viewer\`. Everything else is
an error with its path and line; experimental properties are ignored with a warning. Two places below
\`instrumentation/development\` are read: \`general.http.server\` has captured headers and known methods, and
\`js.opentelemetry_instrument\` has the \`OTEL_JS_*\` settings, without their prefix and in lower case.

Python's \`OTEL_PYTHON_EXCLUDED_URLS\`, \`OTEL_PYTHON_FLASK_EXCLUDED_URLS\` and
\`OTEL_PYTHON_LOGGING_AUTO_INSTRUMENTATION_ENABLED\` are accepted as aliases, with a warning. \`OTEL_DENO*\` are Deno's own.
\`NO_COLOR\` and \`FORCE_COLOR\` control the colors of the tree.
`;

const sections = { 'The program': appVariables, ...telemetrySections };
stdout.write(`${INTRODUCTION}\n${Object.entries(sections).map(section).join('\n')}`);

function section([title, variables]: [string, object]): string {
  const rows = Object.entries<Variable<unknown>>(variables as never)
    .filter(([name]) => variables === appVariables || !Object.hasOwn(appVariables, name))
    .map(
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
