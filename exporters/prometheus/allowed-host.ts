import { isIP } from 'node:net';

const AUTHORITY = /^(?<host>\[[\da-f:.]+\]|[\w.-]+)(?::\d{1,5})?$/i;
const LOOPBACK = /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|::1)$/;
const ANY_ADDRESS: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

/**
 * Checks the `Host` of a request, so that a web page cannot read the metrics by pointing its domain name
 * at this machine (DNS rebinding).
 *
 * Loopback names and the names in `allowed` are always accepted. A server that listens on all addresses
 * serves other machines, so it also accepts names that cannot be a web page's domain: addresses, and
 * names without a dot.
 * @param allowed host names and addresses, including the one that the server listens on
 * @returns the status to respond with, or undefined if the host is accepted
 */
export function refuseHost(
  authority: string | undefined,
  allowed: readonly string[],
): 400 | 421 | undefined {
  const host = AUTHORITY.exec(authority ?? '')?.groups?.host;
  if (host === undefined) return 400;
  const name = host.toLowerCase().replace(/^\[|\]$/g, '');
  if (LOOPBACK.test(name) || allowed.some((each) => each.toLowerCase() === name)) return undefined;
  const isPublic = allowed.some((each) => ANY_ADDRESS.has(each));
  return isPublic && (isIP(name) !== 0 || !name.includes('.')) ? undefined : 421;
}
