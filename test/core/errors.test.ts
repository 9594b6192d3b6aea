import { describe, expect, it } from "vitest";
import {
  DeviceError,
  InputError,
  ModelError,
  OptionError,
  OutputError,
  SamRefinerError,
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
