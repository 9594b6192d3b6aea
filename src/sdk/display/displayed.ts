/** How results show themselves in notebooks. */

/** Name of the method that notebooks call to show a value: Deno's Jupyter kernel, and the one inside VS Code. */
export const jupyterDisplay: unique symbol = Symbol.for("Jupyter.display");

/** What is shown, by mime type: text as it is, pictures in base64. A notebook picks the richest it knows. */
export type MimeBundle = Readonly<Record<string, string>>;

/** A value that shows itself when it is the last one of a notebook's cell. */
export interface Displayed {
  /** What a notebook shows of it. */
  [jupyterDisplay](): Promise<MimeBundle>;
}

/** Gives a value its way to show itself, which neither loops nor JSON see. */
export function withDisplay<T extends object>(value: T, show: () => Promise<MimeBundle>): T & Displayed {
  Object.defineProperty(value, jupyterDisplay, { value: show, enumerable: false });
  return value as T & Displayed;
}

/** A PNG, and one line where no picture can be shown. */
export function pictureBundle(png: Uint8Array, text: string): MimeBundle {
  const bytes = Buffer.from(png.buffer, png.byteOffset, png.byteLength);
  return { "image/png": bytes.toString("base64"), "text/plain": text };
}
