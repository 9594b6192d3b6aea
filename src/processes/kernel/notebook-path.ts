import { join } from "node:path";

/** What is imported is looked for beside this file. Its name is one that no file has. */
export function notebookPath(folder: string): string {
  return join(folder, "[notebook]");
}
