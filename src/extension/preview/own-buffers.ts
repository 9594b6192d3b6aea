/** Messages that carry no more than they show. */

/**
 * A plain-data value in which every typed array has a buffer of its own. What came from the engine process are views on
 * one large buffer per message, and `postMessage` to a webview sends a view's whole buffer.
 */
export function withOwnBuffers<T>(value: T): T {
  return copy(value) as T;
}

function copy(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return ownView(value);
  if (Array.isArray(value)) return value.map(copy);
  if (typeof value !== "object" || value === null || value instanceof ArrayBuffer) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, copy(part)]));
}

function ownView(view: ArrayBufferView): ArrayBufferView {
  if (view.byteLength === view.buffer.byteLength && view.buffer instanceof ArrayBuffer) {
    // Buffer is no type that webviews know.
    return Buffer.isBuffer(view) ? new Uint8Array(view.buffer) : view;
  }
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice();
  if (view instanceof Uint32Array) return new Uint32Array(bytes.buffer);
  if (view instanceof Float32Array) return new Float32Array(bytes.buffer);
  return bytes;
}
