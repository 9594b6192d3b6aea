/** What one mask has and another lacks. */
import { eachSpan, type Spans, SpansBuilder } from "./spans.ts";

/** The pixels of `from` that are not in `without`. */
export function subtractSpans(from: Spans, without: Spans): Spans {
  const builder = new SpansBuilder(from.box);
  eachSpan(from, 0, Number.POSITIVE_INFINITY, (start, end, y) => {
    let x = start;
    eachSpan(without, y, y, (left, right) => {
      if (right <= x || left >= end) return;
      if (left > x) builder.add(y, x, left);
      x = right;
    });
    if (x < end) builder.add(y, x, end);
  });
  return builder.finish();
}
