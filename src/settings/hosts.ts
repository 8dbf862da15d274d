import { entriesOf, entryProblem, type Parsed } from 'opentelemetry-instrument/settings';
import { normalizeHost } from 'opentelemetry-instrument-exporters/hosts';

/** Parses a comma-separated list of host names and addresses without ports: `todo.example,192.0.2.1`. */
export function parseHosts(text: string): Parsed<readonly string[]> {
  const entries = entriesOf(text);
  const wrong = entries.find((entry) => normalizeHost(entry) === undefined);
  if (wrong === undefined) return { value: entries.flatMap((entry) => normalizeHost(entry) ?? []) };
  const problem = entryProblem(wrong, text, 'is not a host');
  return { error: { problem, fix: 'use todo.example or 192.0.2.1, without a port' } };
}
