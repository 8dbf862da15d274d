/** The capabilities of an output. */
export interface Terminal {
  readonly color: boolean;
  /** Cells in a line; undefined means no limit. */
  readonly columns: number | undefined;
}

/** The properties of `process.stderr` that describe a terminal. A pipe has neither. */
export interface TerminalStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/**
 * Reads the width of a stream and whether to use colors. Terminals get colors, unless `NO_COLOR` or
 * `TERM=dumb` is set; with `FORCE_COLOR`, all streams do.
 * @see https://no-color.org
 */
export function readTerminal(
  stream: TerminalStream,
  env: Readonly<Record<string, string | undefined>>,
): Terminal {
  const isTerminal = stream.isTTY === true;
  const isForced = Boolean(env.FORCE_COLOR) && env.FORCE_COLOR !== '0';
  return {
    color: !env.NO_COLOR && (isForced || (isTerminal && env.TERM !== 'dumb')),
    // Some terminals do not know their width and report 0.
    columns: isTerminal ? stream.columns || 80 : undefined,
  };
}
