import { inspect } from "node:util";
import type { MimeBundle } from "../../protocol/kernel.ts";
import { imageType } from "./image-type.ts";

/** What Jupyter, Deno and the SDK call the method that returns a mime bundle, or a promise of one. */
const DISPLAY: unique symbol = Symbol.for("Jupyter.display");

/**
 * A value as it is shown: by its `Symbol.for("Jupyter.display")` method; a picture where it is the bytes of one; else as
 * `console.log` shows it. Nothing for `undefined`.
 *
 * @throws {TypeError} when the method returns no mime bundle
 */
export function mimeBundle(value: unknown): MimeBundle | undefined | Promise<MimeBundle> {
  if (value === undefined) return undefined;
  const own = displayMethod(value);
  if (own !== undefined) return Promise.resolve(own.call(value)).then(plainBundle);
  const text = { "text/plain": inspect(value, { colors: true }) };
  const type = value instanceof Uint8Array ? imageType(value) : undefined;
  return type === undefined ? text : { [type]: base64(value as Uint8Array), ...text };
}

/** Bytes in a bundle as base64, and nothing that JSON does not know. */
export function plainBundle(bundle: unknown): MimeBundle {
  if (typeof bundle !== "object" || bundle === null || Array.isArray(bundle))
    throw new TypeError(`A display is ${inspect(bundle, { depth: 0 })}: expected values by mime type`);
  return Object.fromEntries(
    Object.entries(bundle)
      .filter(([, data]) => data !== undefined && data !== null)
      .map(([type, data]) => [type, data instanceof Uint8Array ? base64(data) : data]),
  );
}

function displayMethod(value: unknown): (() => unknown) | undefined {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return undefined;
  const method = (value as { [DISPLAY]?: unknown })[DISPLAY];
  return typeof method === "function" ? (method as () => unknown) : undefined;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}
