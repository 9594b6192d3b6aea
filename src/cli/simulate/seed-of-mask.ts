/** A seed for each mask of a command. */

/**
 * Mixes a seed with a file's name: masks of one command differ in their defects, and do not change when others join them.
 *
 * @param name of the file, without folder and ending
 */
export function seedOfMask(seed: number, name: string): number {
  let mixed = seed;
  for (const letter of name.normalize("NFC")) mixed = Math.imul(mixed ^ letter.codePointAt(0)!, 0x01000193);
  return mixed >>> 0;
}
