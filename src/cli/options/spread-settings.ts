/** `--set a=1 b=2 mask.png`: which words belong to `--set`. */

const FLAG = "--set";
const SETTING = /^[A-Za-z]+=/;

/**
 * Gives every `name=value` after a `--set` a `--set` of its own. The parser itself can let an option take one word
 * or all words up to the next option, and then a mask would be taken for a setting.
 */
export function spreadSettings(argv: readonly string[]): string[] {
  const spread: string[] = [];
  for (const word of argv) {
    const follows = spread.at(-2) === FLAG && SETTING.test(word);
    spread.push(...(follows ? [FLAG, word] : [word]));
  }
  return spread;
}
