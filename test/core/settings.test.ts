import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OptionError } from "../../src/core/errors.ts";
import {
  type MethodSettings,
  type PresetName,
  parseSetting,
  presetNames,
  resolveSettings,
} from "../../src/core/settings.ts";

describe("resolveSettings", () => {
  it.each(presetNames)("resolves %s to values that it accepts itself", (preset) => {
    const settings = resolveSettings(preset);
    expect(Object.values(settings)).not.toContain(undefined);
    expect(resolveSettings(preset, settings)).toEqual(settings);
  });

  it("has the published method's numbers under `paper`", () => {
    expect(resolveSettings("paper")).toMatchObject({
      rules: "paper",
      ...{ point: true, negativePoint: true, box: true, mask: true, elasticBox: true },
      ...{ lambda: 0.1, similarity: 0.5, omega: 15, gamma: 4, iterations: 1 },
      ...{ tokens: "multi", selection: "predicted-iou", gate: "none", split: "merge", mu: 0.5 },
    });
  });

  it("has the published code's numbers under `reference`", () => {
    expect(resolveSettings("reference")).toMatchObject({
      ...{ rules: "reference", elasticBox: false, omega: 30, gamma: 4, iterations: 5, agreement: 0 },
    });
  });

  it("has three gated iterations without a negative point under `default`, one under `fast`", () => {
    expect(resolveSettings("default")).toMatchObject({
      ...{ negativePoint: false, iterations: 3, margins: [0, 0.05, 0.1], selection: "stability" },
      ...{ agreement: 0.2, strictness: 1.1, gate: "contrast", split: "parts", minPart: 0.0005 },
    });
    expect(resolveSettings("fast")).toEqual({ ...resolveSettings("default"), iterations: 1, growth: "none" });
  });

  it("applies changes over the preset", () => {
    const settings = resolveSettings("default", { iterations: 4, omega: 20 });
    expect(settings).toEqual({ ...resolveSettings("default"), iterations: 4, omega: 20 });
  });

  it("ignores changes that are undefined", () => {
    const changes = { omega: undefined } as unknown as Partial<MethodSettings>;
    expect(resolveSettings("paper", changes).omega).toBe(15);
  });

  it.each(["best", "", "toString", "constructor", "__proto__"])("refuses the preset %j", (name) => {
    const resolve = () => resolveSettings(name as PresetName);
    expect(resolve).toThrow(OptionError);
    expect(resolve).toThrow(
      /^Unknown preset ".*": expected one of default, fast, quality, paper, reference$/,
    );
  });

  it.each(["omgea", "toString", "hasOwnProperty"])("refuses the setting %j", (name) => {
    const resolve = () => resolveSettings("paper", { [name]: 1 });
    expect(resolve).toThrow(OptionError);
    expect(resolve).toThrow(`Unknown setting "${name}": expected one of method, rules, point, `);
  });

  it.each([
    ["point", 1, "true or false"],
    ["box", "true", "true or false"],
    ["lambda", 1.01, "a number from 0 to 1"],
    ["lambda", -0.01, "a number from 0 to 1"],
    ["lambda", "0.1", "a number from 0 to 1"],
    ["lambda", Number.NaN, "a number from 0 to 1"],
    ["similarity", -1.5, "a number from -1 to 1"],
    ["gamma", 0, "a number from 0.01 to 1000"],
    ["omega", Number.POSITIVE_INFINITY, "a number from 0 to 1000"],
    ["iterations", 0, "a whole number from 1 to 20"],
    ["iterations", 1.5, "a whole number from 1 to 20"],
    ["boxRounds", 101, "a whole number from 1 to 100"],
    ["margins", [], "a non-empty list of numbers from -0.4 to 4"],
    ["margins", [0, 5], "a non-empty list of numbers from -0.4 to 4"],
    ["margins", 0.1, "a non-empty list of numbers from -0.4 to 4"],
    ["margins", [Number.NaN], "a non-empty list of numbers from -0.4 to 4"],
    ["tokens", "all", "one of multi, single"],
    ["gate", null, "one of none, contrast"],
    ["split", true, "one of merge, parts, none"],
  ])("refuses %s = %j", (name, value, expected) => {
    const resolve = () => resolveSettings("paper", { [name]: value });
    expect(resolve).toThrow(OptionError);
    expect(resolve).toThrow(`expected ${expected}`);
  });

  it.each([
    ["lambda", 0],
    ["lambda", 1],
    ["similarity", -1],
    ["iterations", 20],
    ["margins", [-0.4, 4]],
    ["strictness", 0],
    ["omega", 0],
  ])("accepts the limit %s = %j", (name, value) => {
    expect(resolveSettings("paper", { [name]: value })).toHaveProperty(name, value);
  });

  it("names the value that it refuses", () => {
    expect(() => resolveSettings("paper", { lambda: 3 })).toThrow(/^Setting "lambda" is 3: /);
    expect(() => resolveSettings("paper", { lambda: Number.NaN })).toThrow(/^Setting "lambda" is NaN: /);
    expect(() => resolveSettings("paper", { gate: "on" as "none" })).toThrow(/^Setting "gate" is "on": /);
  });
});

describe("parseSetting", () => {
  it.each(presetNames)("reads back every setting of %s from its text", (preset) => {
    const settings = resolveSettings(preset);
    for (const [name, value] of Object.entries(settings)) {
      expect(parseSetting(name, String(value))).toEqual({ [name]: value });
    }
  });

  it("round-trips any valid number and list", () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true }).filter((v) => !Object.is(v, -0));
    fc.assert(
      fc.property(share, fc.array(share, { minLength: 1, maxLength: 5 }), (lambda, margins) => {
        expect(parseSetting("lambda", String(lambda))).toEqual({ lambda });
        expect(parseSetting("margins", margins.join(","))).toEqual({ margins });
        expect(parseSetting("margins", margins.join(" , "))).toEqual({ margins });
      }),
    );
  });

  it.each([
    ["point", "yes", /^Setting "point" is "yes": expected true or false$/],
    ["point", "1", /expected true or false/],
    ["lambda", "", /^Setting "lambda" is "": expected a number from 0 to 1$/],
    ["lambda", " ", /expected a number/],
    ["lambda", "much", /^Setting "lambda" is "much": expected a number from 0 to 1$/],
    ["lambda", "2", /^Setting "lambda" is 2: /],
    ["lambda", "NaN", /^Setting "lambda" is "NaN": /],
    ["iterations", "2.5", /expected a whole number/],
    ["margins", "", /expected a non-empty list/],
    ["margins", "0,,0.1", /expected a non-empty list/],
    ["margins", "0,wide", /^Setting "margins" is \[0,"wide"\]: expected a non-empty list/],
    ["split", "Merge", /expected one of merge, parts, none/],
    ["omgea", "3", /^Unknown setting "omgea"/],
    ["constructor", "3", /^Unknown setting "constructor"/],
  ])("refuses %s=%s", (name, text, message) => {
    expect(() => parseSetting(name, text)).toThrow(OptionError);
    expect(() => parseSetting(name, text)).toThrow(message);
  });
});

describe("resolveSettings with an adaptor", () => {
  it("lets it take part in the choice, unless the changes say how that is made", () => {
    expect(resolveSettings("default", {}, true).selection).toBe("combined");
    expect(resolveSettings("paper", {}, true).selection).toBe("adapted");
    expect(resolveSettings("default", { selection: "stability" }, true).selection).toBe("stability");
    expect(resolveSettings("default").selection).toBe("stability");
  });

  it("refuses a choice by an adaptor that is not there", () => {
    expect(() => resolveSettings("default", { selection: "adapted" })).toThrow(
      new OptionError('Setting "selection" is "adapted": expected an adaptor with it'),
    );
    expect(resolveSettings("paper", { selection: "combined" }).selection).toBe("combined");
  });
});
