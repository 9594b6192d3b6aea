/** What open panels show, kept beside their pages' own state. */
import { isDeepStrictEqual } from "node:util";
import type { Memento } from "vscode";
import type { PreviewSource } from "../services.ts";

/** Key in the workspace's state. */
const KEY = "samrefiner.panels";
/** Panels of crashed windows are never told to be closed. */
const MOST = 50;

/** A panel: all that VS Code itself brings back is its title. */
interface Entry {
  readonly title: string;
  readonly source: PreviewSource;
}

/**
 * Remembers sources at once. A page's state is written when the window ends, and in a browser that is often too late:
 * its panel comes back without.
 */
export class RememberedSources {
  readonly #state: Memento;

  constructor(state: Memento) {
    this.#state = state;
  }

  add(title: string, source: PreviewSource): void {
    const others = this.#entries().filter((entry) => !isDeepStrictEqual(entry, { title, source }));
    void this.#state.update(KEY, [{ title, source }, ...others].slice(0, MOST));
  }

  remove(title: string, source: PreviewSource): void {
    const others = this.#entries().filter((entry) => !isDeepStrictEqual(entry, { title, source }));
    void this.#state.update(KEY, others);
  }

  /** The source of a panel with this title that is not open already. */
  find(title: string, isOpen: (source: PreviewSource) => boolean): PreviewSource | undefined {
    return this.#entries().find((entry) => entry.title === title && !isOpen(entry.source))?.source;
  }

  #entries(): readonly Entry[] {
    return this.#state.get<readonly Entry[]>(KEY, []);
  }
}
