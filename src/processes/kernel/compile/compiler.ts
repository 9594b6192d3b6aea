/** A bundle of its own, as TypeScript is large: loaded by the control thread, and by imports of TypeScript files. */
export { type CompiledCell, compileCell } from "./compile-cell.ts";
export { stripTypes } from "./strip-types.ts";
