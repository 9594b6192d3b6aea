/** Two ends of a channel that copies as a real one does. */
import { setTimeout as delay } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRpc, type Handlers, type Rpc } from "../../src/protocol/rpc.ts";

interface Calls {
  double: [{ value: number }, number];
  bytes: [{ data: Uint8Array }, Uint8Array];
  fail: [{ message: string }, never];
  failOddly: [Record<string, never>, never];
  forever: [Record<string, never>, string];
  odd: [Record<string, never>, unknown];
}
type None = Record<string, never>;

interface Pair {
  readonly client: Rpc<Calls>;
  readonly server: Rpc<None>;
  readonly aborted: string[];
}

function pair(): Pair {
  const aborted: string[] = [];
  const handlers: Handlers<Calls> = {
    double: ({ value }) => value * 2,
    bytes: async ({ data }) => data.map((byte) => 255 - byte),
    fail: ({ message }) => {
      throw new Error(message);
    },
    failOddly: () => Promise.reject("no error at all"),
    forever: (_, signal) =>
      new Promise((resolve) => {
        signal.addEventListener("abort", () => {
          aborted.push("forever");
          resolve("late");
        });
      }),
    odd: () => () => "functions do not travel",
  };
  const carry =
    (to: () => { receive: (message: unknown) => void }) =>
    (message: unknown): void => {
      const copy = structuredClone(message);
      setImmediate(() => to().receive(copy));
    };
  const client: Rpc<Calls> = createRpc<Calls, None>(
    carry(() => server),
    {},
  );
  const server: Rpc<None> = createRpc<None, Calls>(
    carry(() => client),
    handlers,
  );
  return { client, server, aborted };
}

describe("every request", () => {
  it("is answered with its own result, in whatever order they are asked", async () => {
    const { client } = pair();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer()), async (values) => {
        const answers = await Promise.all(values.map((value) => client.request("double", { value })));
        expect(answers).toEqual(values.map((value) => value * 2));
      }),
      { numRuns: 20 },
    );
  });

  it("carries typed arrays", async () => {
    const answer = await pair().client.request("bytes", { data: Uint8Array.of(0, 1, 255) });
    expect(answer).toEqual(Uint8Array.of(255, 254, 0));
  });

  it("is answered when its handler throws, rejects with anything, or does not exist", async () => {
    const { client } = pair();
    await expect(client.request("fail", { message: "told as it is" })).rejects.toThrow("told as it is");
    await expect(client.request("failOddly", {})).rejects.toThrow("no error at all");
    await expect(client.request("toString" as "fail", { message: "" })).rejects.toThrow(
      'Unknown request "toString"',
    );
  });

  it("is answered when its result cannot travel", async () => {
    await expect(pair().client.request("odd", {})).rejects.toThrow(/could not be cloned/);
  });

  it("rejects when its parameters cannot travel", async () => {
    const value = (() => 1) as unknown as number;
    await expect(pair().client.request("double", { value })).rejects.toThrow(/could not be cloned/);
  });
});

describe("cancellation", () => {
  it("rejects at once with the signal's reason and reaches the handler", async () => {
    const { client, aborted } = pair();
    const controller = new AbortController();
    const asked = client.request("forever", {}, controller.signal);
    await delay(5);
    controller.abort(new Error("changed my mind"));
    await expect(asked).rejects.toThrow("changed my mind");
    await expect.poll(() => aborted).toEqual(["forever"]);
    // The late answer belongs to nobody.
    expect(await client.request("double", { value: 4 })).toBe(8);
  });

  it("before the request asks nothing", async () => {
    const { client, aborted } = pair();
    const never = client.request("forever", {}, AbortSignal.abort(new Error("not even begun")));
    await expect(never).rejects.toThrow("not even begun");
    expect(aborted).toEqual([]);
  });
});

describe("closing", () => {
  it("rejects what is asked, then and later, and stops what is being answered", async () => {
    const { client, server, aborted } = pair();
    const asked = client.request("forever", {});
    await delay(5);
    client.close("the page is gone");
    server.close("the host is gone");
    await expect(asked).rejects.toThrow("the page is gone");
    await expect(client.request("double", { value: 1 })).rejects.toThrow("the page is gone");
    expect(aborted).toEqual(["forever"]);
  });
});

describe("messages of others", () => {
  it("are ignored", async () => {
    const { client } = pair();
    fc.assert(
      fc.property(fc.anything(), (message) => {
        client.receive(message);
      }),
    );
    client.receive({ rpc: "result", id: 12_345, result: 1 });
    expect(await client.request("double", { value: 3 })).toBe(6);
  });
});
