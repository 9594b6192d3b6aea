/** Before anything is used. It runs first. */
import assert from "node:assert/strict";
import { suite, test } from "mocha";
import { engineChildren } from "./engine-children.ts";
import { extension } from "./extension.ts";

/** Milliseconds of processor time; the bench measures it closely. */
const MOST = 250;

suite("activation", () => {
  test("nothing of the extension runs before it is used", () => {
    assert.equal(extension().isActive, false);
  });

  test("it loads nothing heavy and starts nothing", async () => {
    const before = process.cpuUsage();
    await extension().activate();
    const { user } = process.cpuUsage(before);
    assert.equal(extension().isActive, true);
    assert.ok(user / 1000 < MOST, `activation took ${user / 1000} ms of processor time`);
    assert.deepEqual(engineChildren(), []);
    const { sharedObjects } = process.report.getReport() as { sharedObjects: string[] };
    assert.deepEqual(
      sharedObjects.filter((path) => /onnxruntime|sharp|vips/.test(path)),
      [],
    );
  });
});
