import { inspect } from "node:util";
import type { CellError } from "../../protocol/kernel.ts";

/** Frames of Node, of promises that Node makes, and of V8's own. */
const INTERNAL = /^\s+at (?:.*\(node:|(?:async )?node:|new Promise \(<anonymous>\)|<anonymous>$)/;
/** Paths in frames. */
const FILE_ADDRESS = /file:\/\/\/[^\s)]+?(?=:\d+:\d+)/g;

/** Where a run is described. */
export interface ErrorContext {
  /** Address of the folder whose frames are the kernel's and the SDK's own. */
  readonly ownFolder: string;
  /** What stack traces call the cell. */
  readonly cell: string;
  /** Where V8 found it, from 1: its syntax errors say it nowhere else. */
  readonly place?: { readonly line: number; readonly column: number } | undefined;
}

/** A thrown value as it is shown. Causes and own properties are part of the stack. */
export function describeError(thrown: unknown, context: ErrorContext): CellError {
  if (!isError(thrown)) {
    const message = inspect(thrown);
    return { name: "Uncaught", message, stack: `Uncaught ${message}` };
  }
  const stack = cleanStack(inspect(thrown), context.ownFolder);
  return { name: thrown.name, message: thrown.message, stack: located(stack, thrown, context) };
}

function located(stack: string, { name }: Error, { cell, place }: ErrorContext): string {
  if (name !== "SyntaxError" || place === undefined || /^\s+at /m.test(stack)) return stack;
  return `${stack}\n    at ${cell}:${place.line}:${place.column}`;
}

/** A stack without frames that are nobody's business, and with paths instead of addresses. */
export function cleanStack(stack: string, ownFolder: string): string {
  const isOurs = (line: string): boolean => /^\s+at /.test(line) && line.includes(ownFolder);
  const lines = stack.split("\n").filter((line) => !INTERNAL.test(line) && !isOurs(line));
  return lines.join("\n").replace(FILE_ADDRESS, pathOf);
}

function isError(value: unknown): value is Error {
  return value instanceof Error || (typeof value === "object" && value !== null && "stack" in value);
}

function pathOf(address: string): string {
  const path = decodeURIComponent(new URL(address).pathname);
  return /^\/[A-Za-z]:/.test(path) ? path.slice(1) : path;
}
