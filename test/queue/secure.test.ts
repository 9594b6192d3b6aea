/** A Redis behind TLS and a password: both are used, neither is told. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeCertificate } from "../helpers/https-server.ts";
import { Fleet, present } from "./fleet.ts";

const LIMIT_MS = 150_000;
const password = "sehr-geheim";

let fleet: Fleet;
let keys = "";
let env: Record<string, string>;
beforeAll(async () => {
  if (!present) return;
  keys = mkdtempSync(join(tmpdir(), "samrefiner-keys-"));
  const certificate = makeCertificate();
  const [key, cert] = [join(keys, "key.pem"), join(keys, "cert.pem")];
  writeFileSync(key, certificate.key);
  writeFileSync(cert, certificate.cert);
  const tls = ["--tls-cert-file", cert, "--tls-key-file", key, "--tls-auth-clients", "no"];
  fleet = await Fleet.make("queue-secure", (port) => [
    ...["--port", "0", "--tls-port", String(port), "--requirepass", password, ...tls],
  ]);
  env = { NODE_EXTRA_CA_CERTS: cert, SAMREFINER_QUEUE_PASSWORD: password };
  await fleet.dataset("data", 1, 1);
}, LIMIT_MS);
afterAll(async () => {
  await fleet?.remove();
  if (keys !== "") rmSync(keys, { recursive: true, force: true });
});

describe.skipIf(!present)("rediss://", () => {
  it(
    "carries a run, with the password from the environment",
    async () => {
      const queue = fleet.address("tls", "rediss");
      const worker = await fleet.worker(queue, [], env);
      const args = ["run", "data", "--out", "out", "--preset", "fast", "--queue", queue, "--quiet"];
      const { code, stdout, stderr } = await fleet.cli.run(args, { ...env, DEBUG: "1" });
      expect([code, stderr]).toEqual([0, ""]);
      const status = await fleet.cli.run(["queue", "status", "--queue", queue, "--json"], env);
      expect(status.code).toBe(0);
      worker.child.kill("SIGTERM");
      expect((await worker.ended).code).toBe(0);
      expect(`${stdout}${worker.said()}${status.stdout}`).not.toContain(password);
      const { stdout: found } = spawnSync("grep", ["-rlF", password, fleet.cli.folder], { encoding: "utf8" });
      expect(found).toBe("");
    },
    LIMIT_MS,
  );

  it.each([
    [
      "a wrong password",
      { SAMREFINER_QUEUE_PASSWORD: "falsch-falsch" },
      /cannot be reached \(.*(WRONGPASS|password)/,
    ],
    ["no password", { SAMREFINER_QUEUE_PASSWORD: "" }, /cannot be reached \(.*NOAUTH/],
    [
      "a certificate that nobody vouches for",
      { NODE_EXTRA_CA_CERTS: "" },
      /cannot be reached \(.*certificate/,
    ],
  ])("refuses %s in one sentence", async (_, change, message) => {
    const queue = fleet.address("tls", "rediss");
    const { code, stderr } = await fleet.cli.run(["queue", "status", "--queue", queue], {
      ...env,
      ...change,
    });
    expect([code, stderr]).toEqual([1, expect.stringMatching(message)]);
    expect(stderr).not.toMatch(/sehr-geheim|falsch-falsch/);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  it("of a server without TLS is no queue", async () => {
    const { code, stderr } = await fleet.cli.run(["queue", "status", "--queue", fleet.address("tls")], env);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/cannot be reached/)]);
  });
});
