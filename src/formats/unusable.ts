import { InputError } from "../core/errors.ts";

/** The room's refusal: one sentence that names the file, what was found and what was expected. */
export function unusable(name: string, found: string, expected: string, cause?: unknown): InputError {
  return new InputError(
    `${name}: found ${found}, expected ${expected}`,
    cause === undefined ? {} : { cause },
  );
}
