/**
 * Wraps an exporter to replace its `export()`. The original is not changed.
 *
 * The wrapper is a proxy: many exporters are class instances, and callers use optional methods.
 */
export function withExport<E extends { export(...args: never): void }>(
  exporter: E,
  replacement: E['export'],
): E {
  return new Proxy(exporter, {
    get(target, key) {
      if (key === 'export') return replacement;
      const value: unknown = Reflect.get(target, key, target);
      // Methods may use private fields, which a proxy does not have, so bind them to the target.
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
