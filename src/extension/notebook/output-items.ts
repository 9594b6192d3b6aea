import type { MimeBundle } from "../../protocol/kernel.ts";

/** One format of an output, as VS Code takes it. */
export interface OutputItem {
  readonly mime: string;
  readonly data: Uint8Array;
}

/** The formats of a mime bundle; VS Code shows the one it likes best. */
export function outputItems(bundle: MimeBundle): OutputItem[] {
  return Object.entries(bundle).map(([mime, value]) => ({ mime, data: bytesOf(mime, value) }));
}

function bytesOf(mime: string, value: unknown): Uint8Array {
  const text = textOf(value);
  if (text === undefined || isJSON(mime)) return Buffer.from(JSON.stringify(value, undefined, 2));
  return isBinary(mime) ? Buffer.from(text, "base64") : Buffer.from(text);
}

/** Jupyter allows lists of lines, too. */
function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return Array.isArray(value) && value.every((line) => typeof line === "string") ? value.join("") : undefined;
}

function isBinary(mime: string): boolean {
  return /^(image|audio|video)\//.test(mime) ? mime !== "image/svg+xml" : mime === "application/pdf";
}

function isJSON(mime: string): boolean {
  return mime === "application/json" || mime.endsWith("+json");
}
