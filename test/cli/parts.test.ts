/** The tool's pieces that need no process: words, numbers, progress, error texts. */
import { CommanderError } from "commander";
import { describe, expect, it } from "vitest";
import { benchmarkLines } from "../../src/cli/bench/benchmark-lines.ts";
import { exitCodeHelp } from "../../src/cli/exit-codes.ts";
import { failureOf } from "../../src/cli/failure.ts";
import type { Io } from "../../src/cli/io.ts";
import { main } from "../../src/cli/main.ts";
import { spreadSettings } from "../../src/cli/options/spread-settings.ts";
import { barLine, ProgressBar } from "../../src/cli/progress/bar.ts";
import { ProgressLines } from "../../src/cli/progress/lines.ts";
import { Pace } from "../../src/cli/progress/progress.ts";
import { RefineReport } from "../../src/cli/refine/report.ts";
import { Stopped } from "../../src/cli/stop.ts";
import { alignColumns } from "../../src/cli/table.ts";
import type { Terminal } from "../../src/cli/terminal.ts";
import { bytes, counted, duration, percent } from "../../src/cli/units.ts";
import { DeviceError, InputError, ModelError, OptionError, OutputError } from "../../src/sdk/mod.ts";

describe("spreadSettings", () => {
  it.each([
    ["--set a=1 mask.png", "--set a=1 mask.png"],
    ["m.png --set a=1 b=2 c=3 --json", "m.png --set a=1 --set b=2 --set c=3 --json"],
    ["--set a=1 --set b=2 m.png", "--set a=1 --set b=2 m.png"],
    ["--set a=1 ./b=2.png", "--set a=1 ./b=2.png"],
    ["--out a=1 b=2", "--out a=1 b=2"],
    ["--set", "--set"],
    ["--set=a=1 b=2 m.png", "--set a=1 --set b=2 m.png"],
    ["m.png --set a=1 --set=b=2 c=3", "m.png --set a=1 --set b=2 --set c=3"],
    ["--set=a=1 -- b=2 --set=c=3", "--set a=1 -- b=2 --set=c=3"],
  ])("%s", (given, spread) => {
    expect(spreadSettings(given.split(" ")).join(" ")).toBe(spread);
  });
});

describe("RefineReport", () => {
  it.each([
    [new Stopped(130), "stopped"],
    [new ModelError("The decoder is broken"), "model"],
    [new TypeError("x is undefined"), "unexpected"],
    ["a text", "unexpected"],
  ])("names what ended the work: %s", (error, code) => {
    const report = new RefineReport({} as Terminal);
    report.fail(error);
    const message = error instanceof Error ? error.message : error;
    expect(report.toJSON()).toMatchObject({ errors: [{ masks: [], code, message }] });
  });
});

describe("units", () => {
  it("writes durations, counts, sizes and shares", () => {
    expect([0, 840.4, 999.6, 12_340, 59_960, 200_000].map(duration)).toEqual([
      "0 ms",
      "840 ms",
      "1.0 s",
      "12.3 s",
      "1 min 0 s",
      "3 min 20 s",
    ]);
    expect([counted(1, "mask"), counted(12_000, "mask")]).toEqual(["1 mask", "12,000 masks"]);
    expect([0, 512, 1024, 4.2 * 2 ** 20].map(bytes)).toEqual(["0 B", "512 B", "1.0 KiB", "4.2 MiB"]);
    expect(percent(0.85031)).toBe("85.03");
  });
});

describe("alignColumns", () => {
  it("aligns to the left, and chosen columns to the right", () => {
    const rows = [
      ["name", "n"],
      ["a", "10"],
    ];
    expect(alignColumns(rows, new Set([1]))).toEqual(["name   n", "a     10"]);
  });
});

describe("benchmarkLines", () => {
  const group = {
    entries: 2,
    coarseIoU: 0.5,
    refinedIoU: 0.75,
    coarseBoundaryIoU: 0.25,
    refinedBoundaryIoU: 0.5,
    worse: 0.5,
  };
  const cost = {
    encoderRuns: 1,
    decoderRuns: 6,
    encodeMs: 2000,
    decodeMs: 400,
    methodMs: 200,
    totalMs: 3000,
  };

  it("prints groups under their kinds, mIoU and cost", () => {
    const groups = { semantic: group, all: group, "instance/b": group, instance: group, "instance/a": group };
    const report = {
      entries: [{}, {}] as never,
      groups,
      mIoU: { coarse: 0.5, refined: 0.75 },
      problems: [],
      cost,
    };
    const row = "      2  50.00 → 75.00  25.00 → 50.00   1 (50.0 %)";
    expect(benchmarkLines(report)).toEqual([
      "group         entries  IoU %          boundary IoU %  worse",
      `all           ${row}`,
      `instance      ${row}`,
      `  instance/a  ${row}`,
      `  instance/b  ${row}`,
      `semantic      ${row}`,
      "",
      "mIoU 50.00 → 75.00",
      "1 encoder run, 6 decoder runs, 3.0 s in all",
      "per entry: encode 1.0 s, decode 200 ms, method 100 ms, all with reading and scoring 1.5 s",
    ]);
  });

  it("says so when no entry was chosen", () => {
    expect(benchmarkLines({ entries: [], groups: {}, problems: [], cost })).toEqual(["No entry was chosen."]);
  });
});

/** A sink that remembers; with columns it is a terminal. */
function sink(columns?: number): {
  text: string;
  columns?: number;
  isTTY: boolean;
  write(text: string): void;
} {
  return {
    text: "",
    isTTY: columns !== undefined,
    ...(columns === undefined ? {} : { columns }),
    write(text) {
      this.text += text;
    },
  };
}

describe("progress", () => {
  const half = { label: "refining a.jpg", done: 8, total: 16, unit: "regions" };

  it("drops what a narrow terminal has no room for", () => {
    const pace = { rate: 4, left: 2000 };
    const line = (columns: number): string => barLine(half, pace, columns, false);
    expect(line(80)).toBe("refining a.jpg  ██████████░░░░░░░░░░  8/16 regions  4.0/s  2.0 s left");
    expect(line(65)).toBe("refining a.jpg  ██████████░░░░░░░░░░  8/16 regions  2.0 s left");
    expect(line(45)).toBe("refining a.jpg  8/16 regions  2.0 s left");
    expect(line(30)).toBe("refining a.jpg  8/16 regions");
    expect(line(11)).toBe("8/16 regio…");
    for (let columns = 1; columns < 80; columns++) expect(line(columns).length).toBeLessThanOrEqual(columns);
  });

  it("colours only where it may", () => {
    expect(barLine(half, undefined, 80, true)).toContain("\x1b[36m██████████\x1b[39m");
    expect(barLine(half, undefined, 80, false)).not.toContain("\x1b");
  });

  it("redraws one line in place and erases it", () => {
    const stderr = sink(60);
    const bar = new ProgressBar(stderr);
    bar.show({ label: "loading" });
    bar.show({ label: "refining", done: 1, total: 2, unit: "regions" });
    bar.hide();
    bar.hide();
    expect(stderr.text.split("\r\x1b[2K")).toEqual([
      "",
      "loading …",
      "refining  ██████████░░░░░░░░░░  1/2 regions",
      "",
    ]);
  });

  it("writes a line each tenth where lines stay, and none for little work", () => {
    const stderr = sink();
    const lines = new ProgressLines(stderr, 10);
    for (let done = 1; done <= 40; done++)
      lines.show({ label: "refining", done, total: 40, unit: "regions" });
    for (let done = 1; done <= 9; done++) lines.show({ label: "more", done, total: 9, unit: "regions" });
    const counts = stderr.text.split("\n").map((line) => line.match(/\d+\/\d+/)?.[0]);
    const tenths = Array.from({ length: 10 }, (_, i) => `${4 * (i + 1)}/40`);
    expect(counts).toEqual([...tenths, undefined]);
    expect(stderr.text).toMatch(/refining: 40\/40 regions\n$/);
  });

  it("measures speed from when a label is first seen", () => {
    const pace = new Pace();
    expect(pace.of({ label: "a", done: 1, total: 5 }, 1000)).toBeUndefined();
    expect(pace.of({ label: "a", done: 3, total: 5 }, 2000)).toEqual({ rate: 2, left: 1000 });
    expect(pace.of({ label: "b", done: 4, total: 5 }, 3000)).toBeUndefined();
  });
});

describe("failureOf", () => {
  it.each([
    [new InputError("bad photo"), 1],
    [new OutputError("no room"), 1],
    [new OptionError("no such preset"), 2],
    [new ModelError("no such model"), 3],
    [new DeviceError("no such device"), 3],
    [new Stopped(130), 130],
    [new Stopped(143), 143],
  ])("%s", (error, exitCode) => {
    expect(failureOf(error)).toEqual({ message: error.message, exitCode });
  });

  it("leaves the parser's own messages alone", () => {
    expect(failureOf(new CommanderError(1, "commander.unknownOption", "x"))).toEqual({ exitCode: 2 });
    expect(failureOf(new CommanderError(0, "commander.help", "x"))).toEqual({ exitCode: 0 });
  });

  it("asks for a report of anything else", () => {
    const { message, exitCode } = failureOf(new TypeError("x is undefined"));
    expect(exitCode).toBe(70);
    expect(message).toMatch(/^unexpected error \(TypeError: x is undefined\); please report it .*doctor/);
  });
});

describe("main", () => {
  async function run(
    argv: readonly string[],
    env: Io["env"] = {},
  ): Promise<[code: number, out: string, err: string]> {
    const [stdout, stderr] = [sink(), sink()];
    const code = await main(argv, { stdout, stderr, env, signal: new AbortController().signal });
    return [code, stdout.text, stderr.text];
  }

  it("documents its exit codes", async () => {
    const [code, help] = await run(["--help"]);
    expect(code).toBe(0);
    expect(help).toContain(exitCodeHelp());
    expect(
      exitCodeHelp()
        .match(/^ {2}\d+/gm)
        ?.map(Number),
    ).toEqual([0, 1, 2, 3, 70, 130, 143]);
    expect(help).toContain("samrefiner refine mask.png --image photo.jpg");
  });

  it("shows stacks only when asked", async () => {
    const argv = ["refine", "a.png", "--preset", "x"];
    expect((await run(argv))[2]).toBe(
      `samrefiner: Unknown preset "x": expected default, fast, quality, paper, reference\n`,
    );
    expect((await run([...argv, "--debug"]))[2]).toMatch(/OptionError: .*\n +at /);
    expect((await run(argv, { DEBUG: "1" }))[2]).toMatch(/OptionError: .*\n +at /);
  });
});
