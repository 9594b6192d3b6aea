/** Downloads from servers that stall, truncate, redirect, change the file and refuse ranges. */
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Dispatcher } from "undici";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { ModelError } from "../../../src/core/errors.ts";
import type { ExpectedFile } from "../../../src/engine/model-manifest.ts";
import { type DownloadOptions, downloadFile } from "../../../src/engine/models/download-file.ts";
import { createClient } from "../../../src/engine/models/http-client.ts";
import {
  makeCertificate,
  type Running,
  type Served,
  serveFile,
  serveProxy,
  serveSecurely,
} from "../../helpers/https-server.ts";

const certificate = makeCertificate();
const STALL_MS = 300;

/** Bytes that tell where they are. */
function content(length: number, seed: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state >>> 24;
  });
}

const FILE = content(300_000, 1);
const OTHER = content(300_000, 2);
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

type Answer = Served | ((request: IncomingMessage, response: ServerResponse) => void);

let root: string;
let folder: string;
let path: string;
let client: Dispatcher;
let server: Running;
/** Answers in their order; the last one repeats. */
let answers: Answer[];
let count = 0;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "download-"));
  client = createClient({ ca: certificate.cert, stallMs: STALL_MS });
});
afterAll(async () => {
  await client.destroy();
  await rm(root, { recursive: true, force: true });
});
beforeEach(async () => {
  folder = await mkdtemp(join(root, `case${count++}-`));
  path = join(folder, "encoder.onnx");
  answers = [{ bytes: FILE, etag: '"one"' }];
  let next = 0;
  server = await serveSecurely(certificate, (request, response) => {
    const answer = answers[Math.min(next++, answers.length - 1)]!;
    if (typeof answer === "function") answer(request, response);
    else serveFile(request, response, { arrived, ...answer });
  });
});
afterEach(() => server.close());

const url = (name = "encoder.onnx"): string => `https://localhost:${server.port}/${name}`;
const pins = { size: FILE.length, sha256: sha256(FILE) };

function fetchFile(expected: ExpectedFile = pins, options: Partial<DownloadOptions> = {}) {
  return downloadFile({ ...expected, url: expected.url ?? url() }, path, { client, pauseMs: 1, ...options });
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

/** What came is on disk: a connection that breaks takes along what its reader has not seen yet. */
async function arrived(bytes: number): Promise<void> {
  for (let left = 100; left > 0; left--) {
    if ((await stat(`${path}.part`).catch(() => undefined))?.size === bytes) return;
    await delay(5);
  }
}

async function isHere(): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

/** The file is whole and nothing else is left. */
async function expectWhole(bytes: Uint8Array = FILE): Promise<void> {
  expect(sha256(await readFile(path))).toBe(sha256(bytes));
  expect(await readdir(folder)).toEqual(["encoder.onnx"]);
}

const ranges = (): string[] => server.asked.map((line) => line.split(" ")[2] ?? "whole");

describe("a file", () => {
  it("comes whole, checked, with progress", async () => {
    const seen: [number, number | undefined][] = [];
    const found = await fetchFile(pins, { onProgress: (...progress) => seen.push(progress) });
    expect(found).toEqual({ ...pins, checked: "manifest" });
    await expectWhole();
    expect(seen[0]).toEqual([0, FILE.length]);
    expect(seen.at(-1)).toEqual([FILE.length, FILE.length]);
    expect(seen.map(([done]) => done)).toEqual(seen.map(([done]) => done).sort((a, b) => a - b));
  });

  it("whose sha256 nobody knows is told what it has", async () => {
    expect(await fetchFile({})).toEqual({ ...pins, checked: "no" });
  });

  it("without a length comes whole", async () => {
    answers = [{ bytes: FILE, chunked: true }];
    expect((await fetchFile({})).size).toBe(FILE.length);
    await expectWhole();
  });

  it("that is empty is no reason to hang", async () => {
    answers = [{ bytes: new Uint8Array(0) }];
    expect(await refusal(fetchFile())).toBe(
      `${url()} has 0 bytes: expected ${FILE.length} (the file at its source is another version)`,
    );
  });
});

describe("a connection that breaks", () => {
  it("is resumed where it ended, as often as something new comes", async () => {
    answers = [
      ...[50_000, 60_000, 70_000, 10_000, 10_000, 10_000, 10_000].map((breakAfter) => ({
        bytes: FILE,
        etag: '"one"',
        breakAfter,
      })),
      { bytes: FILE, etag: '"one"' },
    ];
    await fetchFile();
    await expectWhole();
    expect(ranges()).toHaveLength(8);
    expect(ranges()[0]).toBe("whole");
    for (const range of ranges().slice(1)) expect(range).toMatch(/^bytes=[1-9]\d*-$/);
  });

  it("again and again at the same place ends with a message, and leaves what came for the next fetch", async () => {
    // Never more than before, and never the same number of bytes: what is on disk shows whose answer it is.
    const breaks = Array.from({ length: 10 }, (_, i) => 50_000 - i);
    answers = breaks.map((breakAfter) => ({ bytes: FILE, etag: '"one"', ranges: false, breakAfter }));
    expect(await refusal(fetchFile())).toMatch(
      /^https:.* cannot be fetched \(.+\): expected the whole file; what came is kept, and the next try goes on from there$/,
    );
    expect(server.asked.length).toBeLessThanOrEqual(6);
    expect(await isHere()).toBe(false);
    const kept = (await stat(`${path}.part`)).size;
    expect(kept).toBeGreaterThan(0);
    answers = [{ bytes: FILE, etag: '"one"' }];
    await fetchFile();
    await expectWhole();
    expect(ranges().at(-1)).toBe(`bytes=${kept}-`);
  });

  it("before anything came is tried again", async () => {
    answers = [(_, response) => response.socket?.destroy(), { bytes: FILE, etag: '"one"' }];
    await fetchFile();
    await expectWhole();
  });
});

describe("a transfer that stalls", () => {
  it("is given up and resumed", async () => {
    answers = [
      { bytes: FILE, etag: '"one"', stallAfter: 100_000 },
      { bytes: FILE, etag: '"one"' },
    ];
    await fetchFile();
    await expectWhole();
    expect(ranges()[1]).toMatch(/^bytes=[1-9]/);
  });

  it("for ever ends with a message that says so", async () => {
    answers = [{ bytes: FILE, etag: '"one"', stallAfter: 0 }];
    expect(await refusal(fetchFile())).toContain("(the transfer stalled): expected the whole file");
    expect(await isHere()).toBe(false);
  });

  it("before its answer too", async () => {
    answers = [() => undefined];
    expect(await refusal(fetchFile())).toContain("(the server does not answer): ");
  });
});

describe("a file that changes", () => {
  it("between two tries is fetched anew", async () => {
    answers = [
      { bytes: OTHER, etag: '"other"', breakAfter: 100_000 },
      { bytes: FILE, etag: '"one"' },
    ];
    await fetchFile();
    await expectWhole();
  });

  it("on a server that goes on with the new version all the same is noticed by its name", async () => {
    const careless = (request: IncomingMessage, response: ServerResponse) => {
      delete request.headers["if-range"];
      serveFile(request, response, { bytes: FILE, etag: '"one"' });
    };
    answers = [{ bytes: OTHER, etag: '"other"', breakAfter: 100_000 }, careless];
    await fetchFile({});
    await expectWhole();
  });

  it("on a server that names no versions is noticed by its sha256, and fetched once more", async () => {
    answers = [{ bytes: OTHER, breakAfter: 100_000 }, { bytes: FILE }];
    await fetchFile();
    await expectWhole();
    expect(ranges()[0]).toBe("whole");
    expect(ranges().at(-1)).toBe("whole");
    expect(ranges()).toHaveLength(3);
  });

  it("on a server that names no versions is never resumed where no sha256 is known", async () => {
    answers = [{ bytes: OTHER, breakAfter: 100_000 }];
    await refusal(fetchFile({}));
    answers = [{ bytes: FILE }];
    await fetchFile({});
    await expectWhole();
    expect(ranges().at(-1)).toBe("whole");
  });

  it("to another one than the manifest's is refused, and not kept", async () => {
    answers = [{ bytes: OTHER, etag: '"other"' }];
    expect(await refusal(fetchFile())).toBe(
      `${url()} has sha256 ${sha256(OTHER)}: expected ${pins.sha256} (the file at its source is damaged or another version)`,
    );
    expect(await readdir(folder)).toEqual([]);
  });

  it("to one of another size is refused before it is transferred", async () => {
    answers = [{ bytes: OTHER.subarray(0, 1000) }];
    expect(await refusal(fetchFile())).toBe(
      `${url()} has 1000 bytes: expected ${FILE.length} (the file at its source is another version)`,
    );
    expect(await isHere()).toBe(false);
  });

  it("every time ends", async () => {
    let turn = 0;
    answers = [
      (request, response) => {
        delete request.headers["if-range"];
        serveFile(request, response, { bytes: content(300_000, 10 + turn++), breakAfter: 120_000 });
      },
    ];
    expect(await refusal(fetchFile())).toMatch(/changes while it is fetched|cannot be fetched|has sha256/);
    expect(await isHere()).toBe(false);
  });
});

describe("ranges", () => {
  it("that a server refuses mean the whole file again", async () => {
    answers = [
      { bytes: FILE, etag: '"one"', breakAfter: 100_000 },
      { bytes: FILE, etag: '"one"', ranges: false },
    ];
    await fetchFile();
    await expectWhole();
  });

  it("that a server calls impossible mean the whole file again", async () => {
    answers = [
      { bytes: FILE, etag: '"one"', breakAfter: 100_000 },
      (_, response) => response.writeHead(416).end(),
      { bytes: FILE, etag: '"one"' },
    ];
    await fetchFile();
    await expectWhole();
  });

  it("other than the one asked for are not used", async () => {
    answers = [
      { bytes: FILE, etag: '"one"', breakAfter: 100_000 },
      (_, response) => {
        const range = `bytes 5-${FILE.length - 1}/${FILE.length}`;
        response.writeHead(206, { "content-range": range, etag: '"one"' }).end(FILE.subarray(5));
      },
      { bytes: FILE, etag: '"one"' },
    ];
    await fetchFile();
    await expectWhole();
  });

  it("are not asked for where what came before is of another address", async () => {
    await writeFile(`${path}.part`, OTHER.subarray(0, 1000));
    const note = { url: "https://elsewhere.invalid/encoder.onnx", version: '"one"', size: FILE.length };
    await writeFile(`${path}.part.json`, JSON.stringify(note));
    await fetchFile();
    await expectWhole();
    expect(ranges()).toEqual(["whole"]);
  });

  it.each(["", "{", "null", "[]", '{"url":5}'])("survive a damaged note: %j", async (note) => {
    await writeFile(`${path}.part`, OTHER.subarray(0, 1000));
    await writeFile(`${path}.part.json`, note);
    await fetchFile();
    await expectWhole();
  });
});

describe("redirects", () => {
  const to = (location: string) => (_: IncomingMessage, response: ServerResponse) =>
    response.writeHead(302, { location }).end();

  it("are followed, relative ones too", async () => {
    answers = [to("/elsewhere"), (_, response) => response.writeHead(307, { location: url("third") }).end()];
    answers.push({ bytes: FILE, etag: '"one"' });
    await fetchFile();
    await expectWhole();
    expect(server.asked.map((line) => line.split(" ")[1])).toEqual(["/encoder.onnx", "/elsewhere", "/third"]);
  });

  it("that leave HTTPS are refused", async () => {
    answers = [to("http://localhost:1/encoder.onnx")];
    expect(await refusal(fetchFile())).toBe(
      `${url()} leads to http://localhost:1: expected an https address`,
    );
  });

  it("in a circle end", async () => {
    answers = [to("/encoder.onnx")];
    expect(await refusal(fetchFile())).toBe(`${url()} redirects more than 10 times: expected a file`);
    expect(server.asked).toHaveLength(11);
  });

  it("of large-file hosts name the sha256: the file must have it", async () => {
    const named = (hash: string) => (_: IncomingMessage, response: ServerResponse) =>
      response.writeHead(302, { location: "/cdn", "x-linked-etag": `"${hash}"` }).end();
    answers = [named(pins.sha256), { bytes: FILE }];
    expect((await fetchFile({})).checked).toBe("host");
    await rm(path);
    answers = [named(sha256(OTHER)), { bytes: FILE }];
    await server.close();
    let turn = 0;
    server = await serveSecurely(certificate, (request, response) => {
      const answer = answers[Math.min(turn++, 1)]!;
      if (typeof answer === "function") answer(request, response);
      else serveFile(request, response, answer);
    });
    expect(await refusal(fetchFile({}))).toContain(`has sha256 ${pins.sha256}: expected ${sha256(OTHER)}`);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe("refusals", () => {
  it.each([401, 403, 404, 410])("of status %d are final", async (status) => {
    answers = [(_, response) => response.writeHead(status).end("no")];
    expect(await refusal(fetchFile())).toBe(
      `${url()} cannot be fetched: the server answered ${status}, expected the file`,
    );
    expect(server.asked).toHaveLength(1);
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([429, 500, 503])("of status %d are tried again", async (status) => {
    answers = [(_, response) => response.writeHead(status).end("busy"), { bytes: FILE, etag: '"one"' }];
    await fetchFile();
    await expectWhole();
  });

  it("of a certificate that nobody vouches for are final", async () => {
    const strict = createClient({ stallMs: STALL_MS });
    expect(await refusal(fetchFile(pins, { client: strict }))).toMatch(/self[- ]signed certificate/);
    await strict.destroy();
    expect(server.asked).toEqual([]);
  });

  it("of a host that is not there are told", async () => {
    const { port } = server;
    await server.close();
    expect(await refusal(fetchFile({ ...pins, url: `https://localhost:${port}/encoder.onnx` }))).toMatch(
      /cannot be fetched \(.*ECONNREFUSED.*\)/,
    );
  });
});

describe("the environment's proxy", () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  async function throughProxy(noProxy: string): Promise<string[]> {
    const proxy = await serveProxy(server.port);
    for (const name of ["HTTPS_PROXY", "https_proxy"]) vi.stubEnv(name, `http://127.0.0.1:${proxy.port}`);
    for (const name of ["NO_PROXY", "no_proxy"]) vi.stubEnv(name, noProxy);
    const own = createClient({ ca: certificate.cert, stallMs: STALL_MS });
    await fetchFile(pins, { client: own });
    await own.destroy();
    await proxy.close();
    return proxy.asked;
  }

  it("is asked", async () => {
    expect(await throughProxy("elsewhere.invalid")).toEqual([`CONNECT localhost:${server.port}`]);
    await expectWhole();
  });

  it("is not asked for hosts of NO_PROXY", async () => {
    expect(await throughProxy("elsewhere.invalid,localhost")).toEqual([]);
    await expectWhole();
  });
});

describe("cancelling", () => {
  it("ends with the signal's reason and keeps what came", async () => {
    answers = [{ bytes: FILE, etag: '"one"', stallAfter: 100_000 }];
    const controller = new AbortController();
    const reason = new Error("enough");
    const onProgress = (done: number): void => {
      if (done > 50_000) setTimeout(() => controller.abort(reason), 30);
    };
    await expect(fetchFile(pins, { signal: controller.signal, onProgress })).rejects.toBe(reason);
    expect(await isHere()).toBe(false);
    expect((await stat(`${path}.part`)).size).toBeGreaterThan(50_000);
    answers = [{ bytes: FILE, etag: '"one"' }];
    await fetchFile();
    await expectWhole();
    expect(ranges().at(-1)).toMatch(/^bytes=[1-9]/);
  });

  it("between two tries does not wait for the next one", async () => {
    answers = [(_, response) => response.writeHead(503).end()];
    const controller = new AbortController();
    const reason = new Error("enough");
    setTimeout(() => controller.abort(reason), 100);
    const started = performance.now();
    await expect(fetchFile(pins, { signal: controller.signal, pauseMs: 60_000 })).rejects.toBe(reason);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it("before the start asks for nothing", async () => {
    const reason = new Error("enough");
    await expect(fetchFile(pins, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(server.asked).toEqual([]);
  });
});
