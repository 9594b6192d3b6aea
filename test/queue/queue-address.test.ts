/** Addresses of queues and stores: credentials come from the environment, and are never shown. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { storeAddress } from "../../src/queue/exchange/store-address.ts";
import { queueAddress, redact } from "../../src/queue/queue-address.ts";

describe("queueAddress", () => {
  it("takes host, port, database and name", () => {
    const { name, label, connection } = queueAddress("redis://queue.example:7000/3?queue=coco", {});
    expect([name, label]).toEqual(["coco", "redis://queue.example:7000/3?queue=coco"]);
    expect(connection).toMatchObject({ host: "queue.example", port: 7000, db: 3 });
    expect(connection).not.toHaveProperty("tls");
  });

  it("has defaults", () => {
    const { name, label, connection } = queueAddress("redis://localhost", {});
    expect([name, label]).toEqual(["samrefiner", "redis://localhost:6379/0"]);
    expect(connection).toMatchObject({ host: "localhost", port: 6379, db: 0 });
  });

  it("takes IPv6 and TLS", () => {
    const { connection } = queueAddress("rediss://[::1]:6380", {});
    expect(connection).toMatchObject({ host: "::1", port: 6380, tls: {} });
  });

  it("takes credentials of the environment's address, and of its own variables", () => {
    const url = "rediss://user:p%40ss@queue:6380/1";
    const { label, connection } = queueAddress(undefined, { SAMREFINER_QUEUE_URL: url });
    expect(label).toBe("rediss://queue:6380/1");
    expect(connection).toMatchObject({ username: "user", password: "p@ss", tls: { servername: "queue" } });
    const env = { SAMREFINER_QUEUE_USERNAME: "u", SAMREFINER_QUEUE_PASSWORD: "secret" };
    expect(queueAddress("redis://queue", env).connection).toMatchObject({
      username: "u",
      password: "secret",
    });
  });

  it.each([
    [undefined, /No queue is named/],
    ["", /No queue is named/],
    ["queue:6379x", /is no address of a Redis/],
    ["https://queue", /is no address of a Redis/],
    ["redis://queue/one", /database is "one"/],
    ["redis://queue?queue=a:b", /name is "a:b"/],
  ])("refuses %j", (url, message) => {
    expect(() => queueAddress(url, {})).toThrow(message);
  });

  it("never shows what is secret, in whatever it refuses", () => {
    const secret = fc.stringMatching(/^[a-z0-9]{8,20}$/).map((text) => `S${text}S`);
    fc.assert(
      fc.property(
        secret,
        fc.constantFrom("redis", "rediss", "http", "x"),
        fc.string(),
        (password, scheme, rest) => {
          const url = `${scheme}://user:${password}@host${rest}`;
          for (const [given, env] of [
            [url, {}],
            [undefined, { SAMREFINER_QUEUE_URL: url }],
          ] as const) {
            let shown = "";
            try {
              shown = queueAddress(given, env).label;
            } catch (error) {
              shown = (error as Error).message;
            }
            expect(shown).not.toContain(password);
          }
        },
      ),
    );
  });

  it("is taken out of what a server says", () => {
    const address = queueAddress("redis://queue", { SAMREFINER_QUEUE_PASSWORD: "geheim" });
    expect(redact("AUTH geheim failed", address)).toBe("AUTH *** failed");
  });
});

describe("storeAddress", () => {
  const keys = { AWS_ACCESS_KEY_ID: "id", AWS_SECRET_ACCESS_KEY: "key" };

  it("is Amazon's, or another one's", () => {
    expect(storeAddress("s3://bucket/a/b", { ...keys, AWS_REGION: "eu-west-1" })).toMatchObject({
      base: "https://s3.eu-west-1.amazonaws.com/bucket/a/b/",
      region: "eu-west-1",
    });
    expect(storeAddress("s3://bucket", { ...keys, AWS_ENDPOINT_URL_S3: "http://minio:9000/" }).base).toBe(
      "http://minio:9000/bucket/",
    );
    expect(storeAddress("https://minio/bucket/x", { ...keys, AWS_SESSION_TOKEN: "t" })).toMatchObject({
      base: "https://minio/bucket/x/",
      sessionToken: "t",
    });
  });

  it.each([
    ["bucket", keys, /is no address/],
    ["ftp://bucket", keys, /is no address/],
    ["https://id:key@host/bucket", keys, /more than a place/],
    ["s3://bucket", {}, /No credentials/],
    ["s3://bucket", { ...keys, AWS_ENDPOINT_URL: "minio" }, /endpoint is "minio"/],
  ])("refuses %s", (text, env, message) => {
    expect(() => storeAddress(text, env)).toThrow(message);
  });
});
