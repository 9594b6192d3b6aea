/** The SDK's main call under Deno, straight from the TypeScript sources. */
import assert from "node:assert/strict";
import { createRefiner } from "samrefiner";

Deno.test("refines the sample mug", async () => {
  const refiner = await createRefiner({ cacheDir: null });
  const result = await refiner.refine({
    image: "examples/sample/photo.jpg",
    mask: "examples/sample/mug_coarse.png",
  });
  assert.equal(result.regions[0]?.verdict, "refined");
  assert.equal(result.device, "cpu");
  assert.deepEqual([...result.toPNG().subarray(1, 4)], [...new TextEncoder().encode("PNG")]);
  await refiner.close();
});
