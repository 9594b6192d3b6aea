/** Watching the files of a preview. */
import { stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import * as vscode from "vscode";

/** What happened to a file. */
export type FileChange = "changed" | "deleted";

/** Files under watch. */
export interface FileWatch extends vscode.Disposable {
  /** Takes the files as they are now for unchanged: after writing them ourselves. */
  accept(): Promise<void>;
}

/** Editors write in several steps, and a rename looks like a deletion for a moment. */
const SETTLE_MS = 300;

/** Tells when a file's size or time is no longer what it was, once per change. */
export async function watchFiles(
  paths: readonly string[],
  onChange: (path: string, change: FileChange) => void,
): Promise<FileWatch> {
  const known = new Map<string, string>();
  const accept = async (): Promise<void> => {
    for (const path of paths) known.set(path, await fingerprint(path));
  };
  await accept();
  const check = async (path: string): Promise<void> => {
    const now = await fingerprint(path);
    if (now === known.get(path)) return;
    known.set(path, now);
    onChange(path, now === "" ? "deleted" : "changed");
  };
  const watches = paths.map((path) => watchFile(path, () => void check(path)));
  return { accept, dispose: () => watches.forEach((watch) => void watch.dispose()) };
}

function watchFile(path: string, check: () => void): vscode.Disposable {
  const pattern = new vscode.RelativePattern(vscode.Uri.file(dirname(path)), escapeGlob(basename(path)));
  const watcher = vscode.workspace.createFileSystemWatcher(pattern);
  let timer: NodeJS.Timeout | undefined;
  const later = (): void => {
    clearTimeout(timer);
    timer = setTimeout(check, SETTLE_MS);
  };
  watcher.onDidChange(later);
  watcher.onDidCreate(later);
  watcher.onDidDelete(later);
  const stop = { dispose: () => clearTimeout(timer) };
  return vscode.Disposable.from(watcher, stop);
}

/** A name as a pattern that fits only itself. */
function escapeGlob(name: string): string {
  return name.replace(/[*?[\]{}!]/g, "[$&]");
}

/** Empty where there is no file. */
async function fingerprint(path: string): Promise<string> {
  const file = await stat(path).catch(() => undefined);
  return file === undefined ? "" : `${file.size} ${file.mtimeMs} ${file.ino}`;
}
