/** How TypeScript's server calls the cells of notebooks. */

/** `^/vscode-notebook-cell/authority/path/of.ipynb#cell` */
const CELL = /^\^\/vscode-notebook-cell\/[^/]+(\/?[^#]*\.ipynb)#[^#/]+$/;

/** Whether a file is a cell. */
export function isCell(file: string): boolean {
  return CELL.test(file);
}

/** The name that all cells of a notebook begin with. */
export function notebookOf(cell: string): string {
  return cell.slice(0, cell.lastIndexOf("#"));
}

/** A file beside the notebook that imports are looked for from; `undefined` for one that was never saved. */
export function placeOf(cell: string): string | undefined {
  const path = CELL.exec(cell)?.[1];
  if (path === undefined || !path.startsWith("/")) return undefined;
  return `${/^\/[A-Za-z]:/.test(path) ? path.slice(1) : path}.ts`;
}

/** Orders the cells of a notebook as they were made; VS Code numbers them in names that sort so. */
export function compareCells(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
