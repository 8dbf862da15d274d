/**
 * Returns an exporter that differs from `exporter` in its `export()` only. The original is not changed.
 *
 * A proxy, because the SDK and the processors use optional methods of exporters, of which many are
 * instances of classes.
 */
export function withExport<E extends { export(...args: never): void }>(
  exporter: E,
  replacement: E['export'],
): E {
  return new Proxy(exporter, {
    get(target, key) {
      if (key === 'export') return replacement;
      const value: unknown = Reflect.get(target, key, target);
      // Bound, because methods may use private fields, which a proxy does not have.
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
