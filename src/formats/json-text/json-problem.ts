/** Text that is no JSON, and where that shows. */
export class JsonProblem extends SyntaxError {
  override readonly name: string = "JsonProblem";
  /** Index of the first character that cannot stand there. */
  readonly offset: number;

  /** @param message a phrase that says what stands where in place of JSON */
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/**
 * What stands at a place, and which line and column that is.
 *
 * @param rest the text from there on, or some of it
 * @param line counted from 0, as the column
 */
export function describePlace(rest: string, line: number, column: number): string {
  const what = rest === "" ? "the end of the text" : JSON.stringify(rest.slice(0, 12));
  return `${what} at line ${line + 1}, column ${column + 1}`;
}
