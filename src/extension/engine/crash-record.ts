import { resolve, sep } from "node:path";

/** What a request works on: absolute paths. */
export interface RequestFiles {
  readonly sources?: readonly string[];
  readonly image?: string;
  readonly exclude?: readonly string[];
}

/** What was at work so many times in a row when the process ended is not tried again. */
const MOST = 2;

interface Crash {
  readonly method: string;
  readonly file: string;
  count: number;
}

/** What was at work when the process ended unexpectedly. */
export class CrashRecord {
  #crashes: Crash[] = [];

  /** Notes a request's kind and its file. Returns whether it is now left alone. */
  add(method: string, file: string): boolean {
    const known = this.#crashes.find((crash) => crash.method === method && crash.file === file);
    const crash = known ?? { method, file, count: 0 };
    if (known === undefined) this.#crashes.push(crash);
    return ++crash.count >= MOST;
  }

  /** Such a request came to its end: its files are innocent. */
  clear(method: string, files: RequestFiles): void {
    this.#crashes = this.#crashes.filter((crash) => crash.method !== method || !covers(files, crash.file));
  }

  /** Forgets everything. */
  clearAll(): void {
    this.#crashes = [];
  }

  /** A file that such a request would work on, and that is left alone. */
  blocked(method: string, files: RequestFiles): string | undefined {
    return this.#crashes.find(
      (crash) => crash.count >= MOST && crash.method === method && covers(files, crash.file),
    )?.file;
  }
}

function covers({ sources = [], image, exclude = [] }: RequestFiles, file: string): boolean {
  if (exclude.some((path) => holds(path, file))) return false;
  return file === image || sources.some((path) => holds(path, file));
}

function holds(path: string, file: string): boolean {
  const outer = resolve(path);
  const inner = resolve(file);
  return inner === outer || inner.startsWith(outer + sep);
}
