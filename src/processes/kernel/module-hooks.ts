/**
 * What imports find beyond Node's own: the SDK without an install, and TypeScript modules. Node calls these in a thread
 * of its own (`module.register`) or in the main thread (`module.registerHooks`, newer).
 */
import { readFileSync } from "node:fs";
import type { LoadFnOutput, LoadHookContext, ResolveFnOutput, ResolveHookContext } from "node:module";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const TYPESCRIPT = /^file:[^?#]*\.([mc]?)ts(?:[?#]|$)/;
const NOT_FOUND = new Set(["ERR_MODULE_NOT_FOUND", "MODULE_NOT_FOUND"]);

/** Addresses that the hooks work with. */
export interface HookAddresses {
  /** The SDK's bundle. */
  readonly sdk: string;
  /** The module that imports for cells. */
  readonly kernel: string;
  /** What is imported is looked for beside it. */
  readonly notebook: string;
}

let addresses: HookAddresses | undefined;

/** Comes before everything else. */
export function initialize(given: HookAddresses): void {
  addresses = given;
}

type Next<C, R> = (specifier: string, context?: Partial<C>) => R | Promise<R>;

/** Cells import beside the notebook. `samrefiner` is the one that is installed there, else the extension's own. */
export function resolve(
  specifier: string,
  context: ResolveHookContext,
  next: Next<ResolveHookContext, ResolveFnOutput>,
): ResolveFnOutput | Promise<ResolveFnOutput> {
  if (addresses === undefined) return next(specifier, context);
  const { sdk, kernel, notebook } = addresses;
  const parent = context.parentURL === kernel ? { ...context, parentURL: notebook } : context;
  if (specifier !== "samrefiner") return next(specifier, parent);
  const orOwn = (error: unknown): ResolveFnOutput => {
    if (NOT_FOUND.has((error as NodeJS.ErrnoException).code ?? "")) return { url: sdk, shortCircuit: true };
    throw error;
  };
  try {
    const installed = next(specifier, parent);
    return installed instanceof Promise ? installed.catch(orOwn) : installed;
  } catch (error) {
    return orOwn(error);
  }
}

/** TypeScript modules with their types blanked out, at the same lines and columns. */
export function load(
  address: string,
  context: LoadHookContext,
  next: Next<LoadHookContext, LoadFnOutput>,
): LoadFnOutput | Promise<LoadFnOutput> {
  const kind = TYPESCRIPT.exec(address)?.[1];
  if (kind === undefined) return next(address, context);
  const path = fileURLToPath(address);
  const source = compiler().stripTypes(path, readFileSync(path, "utf8"));
  return { format: kind === "c" ? "commonjs" : "module", source, shortCircuit: true };
}

/** TypeScript is loaded with the first module that needs it. */
function compiler(): typeof import("./compile/compiler.ts") {
  return createRequire(import.meta.url)("./kernel-compiler.cjs");
}
