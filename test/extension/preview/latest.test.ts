import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { Latest } from "../../../src/extension/preview/latest.ts";

const never = new AbortController().signal;

/** Runs until it is aborted, or for a moment. */
function work(latest: Latest, regions?: readonly number[], signal = never): Promise<"done" | "aborted"> {
  return latest.run(regions, signal, (own) =>
    sleep(20, undefined, { signal: own }).then(
      () => "done",
      () => "aborted",
    ),
  );
}

test.each([
  { older: undefined, newer: undefined, first: "aborted" },
  { older: [1], newer: undefined, first: "aborted" },
  { older: [1], newer: [1, 2], first: "aborted" },
  { older: [1], newer: [2], first: "done" },
  // The others of `older` would never be refined.
  { older: undefined, newer: [2], first: "done" },
  { older: [1, 2], newer: [2], first: "done" },
])("$older and then $newer: the first is $first", async ({ older, newer, first }) => {
  const latest = new Latest();
  expect(await Promise.all([work(latest, older), work(latest, newer)])).toEqual([first, "done"]);
});

test("the caller's signal ends it", async () => {
  expect(await work(new Latest(), undefined, AbortSignal.abort())).toBe("aborted");
});

test("stop ends everything", async () => {
  const latest = new Latest();
  const both = Promise.all([work(latest, [1]), work(latest, [2])]);
  latest.stop();
  expect(await both).toEqual(["aborted", "aborted"]);
});
