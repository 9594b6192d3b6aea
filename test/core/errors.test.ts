import { describe, expect, it } from "vitest";
import {
  DeviceError,
  InputError,
  ModelError,
  OptionError,
  OutputError,
  packError,
  SamRefinerError,
  unpackError,
} from "../../src/core/errors.ts";

describe("errors", () => {
  it.each([
    [InputError, "InputError", "input"],
    [OutputError, "OutputError", "output"],
    [ModelError, "ModelError", "model"],
    [DeviceError, "DeviceError", "device"],
    [OptionError, "OptionError", "option"],
  ] as const)("carry a name, a code and a cause: %o", (Kind, name, code) => {
    const cause = new Error("disk full");
    const error = new Kind("Cannot write", { cause });
    expect(error).toBeInstanceOf(SamRefinerError);
    expect(error).toMatchObject({ name, code, message: "Cannot write", cause });
  });
});

describe("errors from another thread", () => {
  const sent = (error: unknown): Error => unpackError(structuredClone(packError(error)));

  it("keep class, code, message and cause", () => {
    const cause = new RangeError("shape [1, 3]");
    const arrived = sent(new ModelError("The decoder is broken", { cause }));
    expect(arrived).toBeInstanceOf(ModelError);
    expect(arrived).toMatchObject({
      name: "ModelError",
      code: "model",
      message: "The decoder is broken",
      cause: { name: "RangeError", message: "shape [1, 3]" },
    });
  });

  it("stay plain where they are not of this product, whatever was thrown", () => {
    const arrived = sent(new TypeError("no"));
    expect(arrived).not.toBeInstanceOf(SamRefinerError);
    expect(arrived.name).toBe("TypeError");
    expect(sent("a text").message).toBe("a text");
  });
});
