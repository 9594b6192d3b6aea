/** Decisions go in batches, wait for one another, and are kept until the journal has them. */
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import {
  DecisionQueue,
  type PendingDecision,
  type SendOutcome,
} from "../../../src/extension/review/decision-queue.ts";

const one = (id: string, decision: PendingDecision["decision"] = "rejected"): PendingDecision => ({
  ...{ key: "p.jpg", target: 0, id, decision },
});

/** A queue whose journal takes a moment. */
function make(outcome: () => SendOutcome = () => "done"): {
  queue: DecisionQueue;
  sent: string[][];
  kept: () => number;
  most: () => number;
} {
  const sent: string[][] = [];
  let [kept, busy, most] = [0, 0, 0];
  const queue = new DecisionQueue({
    delay: 10,
    retryDelay: 30,
    send: async (_, batch) => {
      most = Math.max(most, ++busy);
      await delay(20);
      sent.push(batch.map(({ id, decision }) => `${id} ${decision}`));
      busy--;
      return outcome();
    },
    keep: (waiting) => {
      kept = Object.values(waiting).flat().length;
    },
  });
  return { queue, sent, kept: () => kept, most: () => most };
}

test("what comes at once goes together, the last word about a region counts", async () => {
  const { queue, sent, kept } = make();
  queue.add("j", [one("1"), one("2")]);
  queue.add("j", [one("1", "accepted")]);
  expect(kept()).toBe(2);
  await delay(100);
  expect(sent).toEqual([["1 accepted", "2 rejected"]]);
  expect([queue.waiting("j"), kept()]).toEqual([[], 0]);
});

test("batches of a journal wait for one another; what is decided meanwhile goes next", async () => {
  const { queue, sent, most } = make();
  queue.add("j", [one("1")]);
  const [first, second] = [queue.flush("j"), queue.flush("j")];
  await delay(5);
  queue.add("j", [one("1", null), one("2")]);
  expect(queue.waiting("j")).toHaveLength(2);
  await Promise.all([first, second]);
  await queue.flush("j");
  expect(sent).toEqual([["1 rejected"], ["1 null", "2 rejected"]]);
  expect(most()).toBe(1);
});

test("what the journal did not take stays for later", async () => {
  let broken = true;
  const { queue, sent, kept } = make(() => (broken ? "later" : "done"));
  queue.add("j", [one("1")]);
  await queue.flush("j");
  await delay(100);
  expect([sent.length, kept()]).toEqual([1, 1]);
  broken = false;
  await queue.flush("j");
  expect([sent.length, kept()]).toEqual([2, 0]);
});

test("what a busy journal did not take is tried again by itself", async () => {
  let busy = true;
  const { queue, sent, kept } = make(() => (busy ? "soon" : "done"));
  queue.add("j", [one("1")]);
  await expect.poll(() => sent.length).toBeGreaterThan(1);
  expect(kept()).toBe(1);
  busy = false;
  await expect.poll(kept).toBe(0);
});

test("nothing is tried again by a queue that is put away", async () => {
  const { queue, sent } = make(() => "soon");
  queue.add("j", [one("1")]);
  const sending = queue.flush("j");
  queue.dispose();
  await sending;
  await delay(100);
  expect(sent).toHaveLength(1);
});
