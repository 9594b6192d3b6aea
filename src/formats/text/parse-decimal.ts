/** What Python's and C's readers take as a number; JavaScript's would also take "", "0x10" and "Infinity". */
const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** The number that text spells in decimal digits, else `NaN`. */
export function parseDecimal(text: string): number {
  return decimal.test(text) ? Number(text) : Number.NaN;
}
