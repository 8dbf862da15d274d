/** A valid `host[:port]` of an http or https URL. */
export interface Authority {
  /** Host in the form of URLs: lowercase, IPv6 in brackets. */
  readonly hostname: string;
  /** 1 to 65535; undefined for the default port of the scheme. */
  readonly port: number | undefined;
}

/** RFC 3986 also allows sub-delims and percent-encoding, which DNS names and addresses do not contain. */
const AUTHORITY = /^(\[[\da-f:.]{2,45}\]|[a-z\d._-]{1,255})(?::(\d{0,5}))?$/i;

let lastText: string | undefined;
let lastAuthority: Authority | undefined;

/** Parses a `Host` header or the authority of a URL. @returns undefined if it is invalid */
export function parseAuthority(text: string): Authority | undefined {
  if (text === '') return undefined;
  // Most requests have the authority of the previous one, and parsing costs about a microsecond.
  if (text !== lastText) {
    lastAuthority = parse(text);
    lastText = text;
  }
  return lastAuthority;
}

function parse(text: string): Authority | undefined {
  const [, name, digits = ''] = AUTHORITY.exec(text) ?? [];
  const port = digits === '' ? undefined : Number(digits);
  if (name === undefined || port === 0 || (port ?? 1) > 65_535) return undefined;
  // URLs normalize `0x7f.1` to 127.0.0.1, and reject `xn--a` and `1.2.3.999`.
  const url = `http://${name}`;
  return URL.canParse(url) ? { hostname: new URL(url).hostname, port } : undefined;
}
