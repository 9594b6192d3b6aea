import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import type { MimeBundle } from "../../protocol/kernel.ts";
import { mimeBundle, plainBundle } from "./mime-bundle.ts";
import { notebookPath } from "./notebook-path.ts";
import { currentRun } from "./runs.ts";
import type { Shower } from "./user-output.ts";

/** Options of a cell's `display`. */
export interface DisplayOptions {
  /** An output that was shown with this id is replaced where it is. */
  readonly id?: string;
  /** The value is a mime bundle itself. @default false */
  readonly raw?: boolean;
}

/** Defines what cells find beside Node's globals: `display`, `signal`, `require`, and the imports' `__load`. */
export function defineGlobals(folder: string, show: Shower): void {
  const notebook = notebookPath(folder);
  define("__load", { value: loader(folder, notebook) });
  define("require", { value: createRequire(notebook) });
  define("display", { value: (value: unknown, options?: DisplayOptions) => display(show, value, options) });
  define("signal", { get: () => currentRun().controller.signal });
}

/** Cells may declare the same names. */
function define(name: string, descriptor: PropertyDescriptor): void {
  Object.defineProperty(globalThis, name, { configurable: true, ...descriptor });
}

/** `import()` for cells, and its `import.meta`. That it looks beside the notebook is done in `module-hooks.ts`. */
function loader(folder: string, notebook: string): unknown {
  const load = (specifier: string, options?: ImportCallOptions): Promise<unknown> =>
    import(specifier, options);
  const url = pathToFileURL(notebook).href;
  const { resolve } = createRequire(notebook);
  const meta = {
    ...{ url, filename: notebook, dirname: folder },
    resolve: (specifier: string) =>
      /^\.{0,2}\//.test(specifier) ? new URL(specifier, url).href : pathToFileURL(resolve(specifier)).href,
  };
  return Object.assign(load, { meta });
}

/** Shows a value now; the promise is for values that need time to draw themselves. */
function display(show: Shower, value: unknown, { id, raw = false }: DisplayOptions = {}): Promise<void> {
  const shown = (data: MimeBundle | undefined): void =>
    show({
      kind: "display",
      data: data ?? { "text/plain": "undefined" },
      ...(id === undefined ? {} : { displayId: id }),
    });
  const data = raw ? plainBundle(value) : mimeBundle(value);
  if (data instanceof Promise) return data.then(shown);
  shown(data);
  return Promise.resolve();
}
