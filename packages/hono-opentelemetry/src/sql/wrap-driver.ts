/** A method, ready to be called on its object. */
export type Method = (...args: unknown[]) => unknown;

/** A replacement for a method. It gets the original method as `run`. */
export type Replacement = (run: Method, ...args: never[]) => unknown;

/**
 * Returns a stand-in for an object of a driver, in which some methods are replaced.
 *
 * The object itself is not changed. All other members are its own. Fields are read and written there,
 * and methods run with it as `this`, as private fields and native objects require. A method that
 * returns its object returns the stand-in, so chains stay traced.
 *
 * @param replacements by the names of methods. Those that the object does not have are ignored
 * @param call replaces the object itself, if it is a function
 */
export function wrapDriver<Driver extends object>(
  driver: Driver,
  replacements: Readonly<Record<string, Replacement>>,
  call?: Method,
): Driver {
  // Weak, because a driver may replace its methods: pg makes a new release() at each checkout.
  const methods = new WeakMap<object, unknown>();

  function wrapMethod(method: Method, replacement?: Replacement): Method {
    const run = method.bind(driver);
    const replaced = replacement as Method | undefined;
    return function callMethod(this: unknown, ...args) {
      let result: unknown;
      if (replaced) result = replaced(run, ...args);
      else result = Reflect.apply(method, this === wrapped ? driver : this, args);
      return result === driver ? wrapped : result;
    };
  }

  const wrapped = new Proxy(driver, {
    get(_, key) {
      const value: unknown = Reflect.get(driver, key, driver);
      if (typeof value !== 'function') return value;
      let method = methods.get(value);
      if (method === undefined) {
        const replacement = Object.hasOwn(replacements, key)
          ? replacements[key as string]
          : undefined;
        // Functions in fields, such as a class or a callback, are values of the driver, not methods.
        if (!replacement && (key === 'constructor' || Object.hasOwn(driver, key))) return value;
        method = wrapMethod(value as Method, replacement);
        methods.set(value, method);
      }
      return method;
    },
    ...(call && { apply: (_, __, args) => call(...args) }),
    set(_, key, value) {
      // What a program assigns is what it reads.
      if (typeof value === 'function') methods.set(value, value);
      return Reflect.set(driver, key, value, driver);
    },
  });
  return wrapped;
}
