/** What parsed JSON may be. */

/** Whether a value is an object with fields, no list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value is text. */
export function isString(value: unknown): value is string {
  return typeof value === "string";
}
