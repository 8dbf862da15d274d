/** What the reader's end can show. */
export interface Terminal {
  readonly colour: boolean;
  /** Cells in a line; undefined: no limit. */
  readonly columns: number | undefined;
}

/** The two properties of `process.stderr` that say what it is; both are missing on a pipe. */
export interface TerminalStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/**
 * Reads the width of a stream and whether it wants colour: a terminal does, unless `NO_COLOR`
 * (https://no-color.org) or `TERM=dumb` says no; `FORCE_COLOR` makes everything want it.
 */
export function readTerminal(
  stream: TerminalStream,
  env: Readonly<Record<string, string | undefined>>,
): Terminal {
  const isTerminal = stream.isTTY === true;
  const isForced = Boolean(env.FORCE_COLOR) && env.FORCE_COLOR !== '0';
  return {
    colour: !env.NO_COLOR && (isForced || (isTerminal && env.TERM !== 'dumb')),
    // Some terminals do not know their width and say 0.
    columns: isTerminal ? stream.columns || 80 : undefined,
  };
}
