import { isAbsolute, relative, sep } from "node:path";

/** Whether a path is a folder or lies in it, by its name. */
export function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** The deepest folder that holds all these absolute folders. */
export function commonFolder(folders: readonly string[]): string {
  const [first = sep, ...rest] = folders;
  const names = first.split(sep);
  const shared = (path: string): number => {
    const others = path.split(sep);
    const end = names.findIndex((name, i) => name !== others[i]);
    return end < 0 ? names.length : end;
  };
  const count = Math.min(names.length, ...rest.map(shared));
  return names.slice(0, count).join(sep) || sep;
}
