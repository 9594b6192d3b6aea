/** What is not tried for ever. */
import { describe, expect, it } from "vitest";
import { CrashRecord } from "../../../src/extension/engine/crash-record.ts";

const photo = "/data/images/a.jpg";

function crashedTwice(method = "run/start"): CrashRecord {
  const record = new CrashRecord();
  expect(record.add(method, photo)).toBe(false);
  expect(record.add(method, photo)).toBe(true);
  return record;
}

describe("a file that was at work twice in a row when the engine ended", () => {
  it("is left alone, in whatever way the request names it", () => {
    const record = crashedTwice();
    for (const files of [{ sources: [photo] }, { sources: ["/data"] }, { sources: [], image: photo }])
      expect(record.blocked("run/start", files)).toBe(photo);
  });

  it("is not in the way of other files, other requests, or requests that leave it out", () => {
    const record = crashedTwice();
    expect(
      record.blocked("run/start", { sources: ["/data2", "/dat", "/data/images/a.jpg2"] }),
    ).toBeUndefined();
    expect(record.blocked("session/open", { sources: [photo] })).toBeUndefined();
    expect(record.blocked("run/start", { sources: ["/data"], exclude: [photo] })).toBeUndefined();
    expect(record.blocked("run/start", { sources: ["/data"], exclude: ["/data/images"] })).toBeUndefined();
  });

  it("counts from the start after it came to its end once", () => {
    const record = new CrashRecord();
    record.add("session/open", photo);
    record.clear("session/open", { sources: [photo] });
    expect(record.add("session/open", photo)).toBe(false);
  });

  it("counts on when other work came to its end", () => {
    const record = new CrashRecord();
    record.add("session/refine", photo);
    record.clear("session/open", { sources: [photo] });
    record.clear("session/refine", { sources: ["/data/images/b.jpg"] });
    expect(record.add("session/refine", photo)).toBe(true);
  });

  it("is free again when everything is forgotten", () => {
    const record = crashedTwice();
    record.clearAll();
    expect(record.blocked("run/start", { sources: [photo] })).toBeUndefined();
  });
});
