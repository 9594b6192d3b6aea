/** A value that tells of its changes. */

/** What is told: the state now, and before. */
export type Listener<S> = (state: S, before: S) => void;

/** The page's state, and who wants to know of it. */
export interface Store<S> {
  readonly state: S;
  /** Replaces some fields; nobody is told when none differs. */
  update(change: Partial<S>): void;
  /** Returns what ends it. */
  subscribe(listener: Listener<S>): () => void;
}

/** A store that starts with `initial`. */
export function createStore<S extends object>(initial: S): Store<S> {
  let state = initial;
  const listeners = new Set<Listener<S>>();
  return {
    get state() {
      return state;
    },
    update: (change) => {
      const before = state;
      const keys = Object.keys(change) as (keyof S)[];
      if (keys.every((key) => Object.is(before[key], change[key]))) return;
      state = { ...before, ...change };
      for (const listener of listeners) listener(state, before);
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Calls `show` now, and whenever one of the fields has changed. */
export function watch<S extends object>(
  store: Store<S>,
  fields: readonly (keyof S)[],
  show: (state: S) => void,
): void {
  store.subscribe((state, before) => {
    if (fields.some((field) => state[field] !== before[field])) show(state);
  });
  show(store.state);
}
