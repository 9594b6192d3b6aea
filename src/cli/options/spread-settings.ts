/** `--set a=1 b=2 mask.png`: which words belong to `--set`. */

const FLAG = "--set";
const JOINED = `${FLAG}=`;
const SETTING = /^[A-Za-z]+=/;

/**
 * Gives every `name=value` after a `--set` or `--set=name=value` a `--set` of its own. The parser itself can let an
 * option take one word or all words up to the next option, and then a mask would be taken for a setting.
 */
export function spreadSettings(argv: readonly string[]): string[] {
  const spread: string[] = [];
  for (const [i, word] of argv.entries()) {
    // Behind it there are no options.
    if (word === "--") return [...spread, ...argv.slice(i)];
    const follows = spread.at(-2) === FLAG && SETTING.test(word);
    if (follows) spread.push(FLAG, word);
    else if (word.startsWith(JOINED)) spread.push(FLAG, word.slice(JOINED.length));
    else spread.push(word);
  }
  return spread;
}
