/** Typed arrays through JSON, between the harness's server and its page. */

/** Text of a value; typed arrays in it become base64. */
export function pack(value: unknown): string {
  return JSON.stringify(value, function (this: Record<string, unknown>, key, made: unknown) {
    // As it is: a Buffer would come as its own JSON.
    const field = this[key];
    if (!ArrayBuffer.isView(field)) return made;
    const bytes = new Uint8Array(field.buffer, field.byteOffset, field.byteLength);
    let text = "";
    for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
    return { $array: field.constructor.name, base64: btoa(text) };
  });
}

const ARRAYS: Readonly<Record<string, new (buffer: ArrayBuffer) => unknown>> = {
  Uint8Array,
  Buffer: Uint8Array,
  Uint32Array,
  Float32Array,
};

/** What {@link pack} was given. */
export function unpack<T>(text: string): T {
  return JSON.parse(text, (_, field: unknown) => {
    if (typeof field !== "object" || field === null || !("$array" in field) || !("base64" in field))
      return field;
    const bytes = Uint8Array.from(atob(String(field.base64)), (letter) => letter.charCodeAt(0));
    const Kind = ARRAYS[String(field.$array)];
    if (Kind === undefined) throw new Error(`Unknown array ${String(field.$array)}`);
    return new Kind(bytes.buffer);
  }) as T;
}
