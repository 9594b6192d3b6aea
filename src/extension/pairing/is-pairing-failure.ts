/** Failures that naming the photo would mend. */

/** Whether a message of the engine says that a mask's photo was not found, or not only one. */
export function isPairingFailure(message: string): boolean {
  return / has no photo\b| photos that fit\b| is missing: looked for it\b/.test(message);
}
