import { unusable } from "../unusable.ts";
import type { Size } from "./annotation-file.ts";

/** A JSON object. Its keys come from a file: only own ones are ever asked for. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @throws {InputError} unless the value is an object */
export function toObject(where: string, value: unknown): JsonObject {
  if (isObject(value)) return value;
  throw unusable(where, describeJson(value), "an object");
}

/** @throws {InputError} unless the value is a list */
export function toList(where: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw unusable(where, describeJson(value), "a list");
}

/**
 * A class as text; some tools write its number.
 *
 * @throws {InputError} for anything else
 */
export function toLabel(where: string, value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return String(value);
  throw unusable(where, `${describeJson(value)} for its class`, "a name");
}

/**
 * The photo's file name with `/` between folders; `undefined` where there is none.
 *
 * @throws {InputError} for anything but text
 */
export function toLink(where: string, value: unknown): string | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value === "string") return value.replaceAll("\\", "/");
  throw unusable(where, `${describeJson(value)} for the photo`, "its file name");
}

/**
 * A photo's size; `undefined` where the file does not say it.
 *
 * @throws {InputError} for sides that are no whole pixels
 */
export function toSize(where: string, width: unknown, height: unknown): Size | undefined {
  if ((width ?? undefined) === undefined || (height ?? undefined) === undefined) return undefined;
  if (isSide(width) && isSide(height)) return { width, height };
  throw unusable(
    where,
    `a size of ${describeJson(width)} by ${describeJson(height)}`,
    "whole pixels, at least one",
  );
}

function isSide(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value > 0 && value < 1e9;
}

/** A JSON value as the object of "found". */
export function describeJson(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (isObject(value)) return "an object";
  return JSON.stringify(value).slice(0, 40);
}
