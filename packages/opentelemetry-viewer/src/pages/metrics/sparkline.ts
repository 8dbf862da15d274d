import { esc } from '../page/index.ts';

const WIDTH = 144;
const HEIGHT = 26;
const MAX_POINTS = 72;

/** Draws values as a small line; gaps where a value is missing. */
export function renderSparkline(values: readonly (number | undefined)[], label: string): string {
  const sampled = sample(values);
  const known = sampled.filter((value) => value !== undefined && Number.isFinite(value));
  if (known.length === 0 || sampled.length < 2) return '';
  const min = Math.min(0, ...(known as number[]));
  const max = Math.max(...(known as number[]));
  const range = max - min || 1;
  let path = '';
  let isDown = false;
  for (const [index, value] of sampled.entries()) {
    if (value === undefined || !Number.isFinite(value)) {
      isDown = false;
      continue;
    }
    const x = ((index / (sampled.length - 1)) * WIDTH).toFixed(1);
    const y = (HEIGHT - 2 - ((value - min) / range) * (HEIGHT - 4)).toFixed(1);
    // A point alone is a dot: the line has round ends.
    path += isDown ? `L${x} ${y}` : `M${x} ${y}h.1`;
    isDown = true;
  }
  return `<svg class="spark" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${esc(label)}"><path d="${path}"/></svg>`;
}

/** Keeps the highest value of each group, so that a peak is not lost. */
function sample(values: readonly (number | undefined)[]): readonly (number | undefined)[] {
  const every = Math.ceil(values.length / MAX_POINTS);
  if (every <= 1) return values;
  const sampled: (number | undefined)[] = [];
  for (let from = 0; from < values.length; from += every) {
    const group = values.slice(from, from + every).filter((value) => value !== undefined);
    sampled.push(group.length > 0 ? Math.max(...group) : undefined);
  }
  return sampled;
}
