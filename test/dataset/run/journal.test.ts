/** The journal's reader: a right answer or an error, whatever lies in the file. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { InputError } from "../../../src/core/errors.ts";
import { readState } from "../../../src/dataset/run/journal/journal-state.ts";
import { parseRecord } from "../../../src/dataset/run/journal/parse-record.ts";
import { readJournal } from "../../../src/dataset/run/journal/read-journal.ts";
import type { JournalRecord } from "../../../src/dataset/run/journal/records.ts";
import { reportCSV, reportJournal } from "../../../src/dataset/run/report-run.ts";
import { Place, StubEngine } from "./stub.ts";

let folder = "";
let path = "";
/** A journal as a run writes it. */
let whole: Buffer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "samrefiner-journal-"));
  path = join(folder, "run.jsonl");
  const place = await Place.make();
  await place.photos(2);
  await place.run(new StubEngine());
  whole = readFileSync(place.path("out", "samrefiner-run.jsonl"));
  await place.remove();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The records in these bytes; `undefined` where they are refused. */
function read(bytes: Uint8Array): JournalRecord[] | undefined {
  writeFileSync(path, bytes);
  try {
    const records = [...readJournal(path)].map(({ record }) => record);
    readState(path);
    reportCSV(reportJournal(path));
    return records;
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toContain(path);
    return undefined;
  }
}

describe("readJournal", () => {
  it("reads the first records of a journal that was cut anywhere behind its first line", () => {
    const all = read(whole)!;
    const first = whole.indexOf("\n");
    fc.assert(
      fc.property(fc.integer({ min: first + 1, max: whole.length }), (length) => {
        const records = read(whole.subarray(0, length))!;
        expect(records).toEqual(all.slice(0, records.length));
        const lines = whole.subarray(0, length).filter((byte) => byte === 10).length;
        expect(records).toHaveLength(lines);
      }),
      { numRuns: 60 },
    );
  });

  it("refuses or reads any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void read(bytes)),
      { numRuns: 100 },
    );
  });

  it("refuses or reads a journal with bytes changed in it", () => {
    const change = fc.tuple(fc.nat(whole?.length ?? 4000), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const bytes = Uint8Array.from(whole);
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        read(bytes);
      }),
      { numRuns: 150 },
    );
  });

  it("knows records from any other JSON", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), (text) => {
        expect(parseRecord(text).type).toBe("broken");
      }),
    );
    const photo = whole.toString().split("\n")[2]!;
    expect(parseRecord(photo).type).toBe("photo");
    for (const field of Object.keys(JSON.parse(photo) as object)) {
      const less = { ...(JSON.parse(photo) as Record<string, unknown>), [field]: { __proto__: null } };
      expect([field, parseRecord(JSON.stringify(less)).type]).toEqual([field, "broken"]);
    }
  });

  it("is not led astray by names of the language itself", () => {
    for (const type of ["__proto__", "constructor", "toString"])
      expect(parseRecord(JSON.stringify({ type })).type).toBe("broken");
  });

  it("says so where there is no file", () => {
    expect(() => readState(join(folder, "none.jsonl"))).toThrow(
      /no such file.*expected the journal of a run/,
    );
  });
});

describe("reportCSV", () => {
  it("quotes what needs it, and lets no text pass for a formula", () => {
    const failure = { path: "a,b.png", message: '=HYPERLINK("x")' };
    const text = reportCSV({ regions: [], failures: [failure] });
    expect(text.split("\r\n")[1]).toBe(`,"a,b.png",,,failed,"'=HYPERLINK(""x"")",1,,,,,,,,`);
  });
});
