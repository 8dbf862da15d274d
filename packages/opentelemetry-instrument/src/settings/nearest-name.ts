/** Returns the name with the smallest edit distance; undefined if it exceeds half of the name. */
export function nearestName(written: string, names: Iterable<string>): string | undefined {
  let nearest: string | undefined;
  let fewest = Math.ceil(written.length / 2) + 1;
  for (const name of names) {
    // Too far, so save the time for long names.
    if (Math.abs(written.length - name.length) >= fewest) continue;
    const distance = editDistance(written, name);
    if (distance < fewest) [nearest, fewest] = [name, distance];
  }
  return nearest;
}

/** Returns the Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
