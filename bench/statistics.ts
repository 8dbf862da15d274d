export interface Summary {
  readonly median: number;
  /** A quarter of the values is smaller, and a quarter larger than `upper`. */
  readonly lower: number;
  readonly upper: number;
}

/** Median and quartiles, which a few runs disturbed by other programs do not move. */
export function summarize(values: readonly number[]): Summary {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => {
    const position = share * (sorted.length - 1);
    const below = sorted[Math.floor(position)] ?? Number.NaN;
    const above = sorted[Math.ceil(position)] ?? Number.NaN;
    return below + (above - below) * (position % 1);
  };
  return { median: at(0.5), lower: at(0.25), upper: at(0.75) };
}
