/** Keys to sets of values; an empty set is forgotten. */
export class SetIndex<Value> {
  readonly #sets = new Map<string, Set<Value>>();

  add(key: string, value: Value): void {
    const set = this.#sets.get(key);
    if (set === undefined) this.#sets.set(key, new Set([value]));
    else set.add(value);
  }

  delete(key: string, value: Value): void {
    const set = this.#sets.get(key);
    if (set?.delete(value) && set.size === 0) this.#sets.delete(key);
  }

  get(key: string): ReadonlySet<Value> {
    return this.#sets.get(key) ?? EMPTY;
  }

  count(key: string): number {
    return this.#sets.get(key)?.size ?? 0;
  }
}

const EMPTY: ReadonlySet<never> = new Set();
