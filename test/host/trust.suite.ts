import assert from "node:assert/strict";
import { suite, test } from "mocha";
import { manifest } from "./extension.ts";

suite("workspaces", () => {
  test("in untrusted ones, what chooses programs and files of the engine is off", () => {
    const { supported, description, restrictedConfigurations } = manifest().capabilities.untrustedWorkspaces;
    assert.equal(supported, "limited");
    assert.ok(description.length > 20 && !description.startsWith("%"));
    for (const name of ["nodePath", "model", "encoderPath", "decoderPath", "cacheDir"])
      assert.ok(restrictedConfigurations.includes(`samrefiner.engine.${name}`), name);
  });

  test("virtual ones are declared with what is off", () => {
    const { supported, description } = manifest().capabilities.virtualWorkspaces;
    assert.equal(supported, "limited");
    assert.ok(description.length > 20 && !description.startsWith("%"));
  });
});
