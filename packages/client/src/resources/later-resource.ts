/**
 * Makes a resource whose methods are loaded with the first call of one of them: pages that never ask
 * for it do not carry it. A call that they could not be loaded for rejects, like one that did not
 * reach the hub, and the next one tries again; many browsers answer that one by what they remember
 * until the page is loaded anew (https://github.com/whatwg/html/issues/6768).
 * @param first methods that are there at once
 */
export function laterResource<Api extends object>(load: () => Promise<Api>, first = {}): Api {
  const callOf =
    (name: string) =>
    async (...args: unknown[]): Promise<unknown> => {
      const method = ((await load()) as Record<string, unknown>)[name];
      return (method as (...all: unknown[]) => unknown)(...args);
    };
  return new Proxy<Record<string, unknown>>(first, {
    get: (made, name) =>
      // `await` and `JSON.stringify` ask any object for these.
      typeof name === "symbol" || name === "then" || name === "toJSON"
        ? undefined
        : (made[name] ??= callOf(name)),
  }) as Api;
}
