/** `evaluate` on masks and results whose scores can be worked out by hand. */
import { mkdir, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Cli } from "./cli.ts";
import { boxMask } from "./pictures.ts";

let cli: Cli;
beforeAll(async () => {
  cli = await Cli.build("evaluate");
  for (const folder of ["gt", "pred"]) await mkdir(cli.path(folder));
  await writeFile(cli.path("gt", "a.png"), boxMask(20, 10, [0, 0, 9, 9]));
  await writeFile(cli.path("pred", "a.png"), boxMask(20, 10, [0, 0, 4, 9]));
  await writeFile(cli.path("gt", "b.png"), boxMask(20, 10, [0, 0, 9, 9]));
  const segmentation = [[0, 0, 10, 0, 10, 10, 0, 10]];
  const truth = {
    images: [{ id: 1, width: 20, height: 10, file_name: "1.jpg" }],
    categories: [{ id: 1, name: "cat" }],
    annotations: [{ id: 1, image_id: 1, category_id: 1, segmentation, area: 100, iscrowd: 0 }],
  };
  await writeFile(cli.path("truth.json"), JSON.stringify(truth));
  const results = [{ image_id: 1, category_id: 1, segmentation, score: 0.5 }];
  await writeFile(cli.path("results.json"), JSON.stringify(results));
});
afterAll(() => cli.remove());

describe("evaluate", () => {
  it("prints a table of masks, names what is missing, and ends with 1", async () => {
    const { code, stdout, stderr } = await cli.run(["evaluate", "--pred", "pred", "--gt", "gt"]);
    expect(code).toBe(1);
    expect(stderr).toBe("samrefiner: gt/b.png has no prediction in pred: it is left out\n");
    expect(stdout.split("\n")[0]).toMatch(/^class +photos +IoU % +boundary IoU %$/);
    expect(stdout).toMatch(/^1 +1 +50\.00 +\d+\.\d\d$/m);
    expect(stdout).toMatch(/^1 photo +50\.00 +\d+\.\d\d +\d+\.\d\d$/m);
  });

  it("prints one JSON object and nothing else", async () => {
    const { code, stdout } = await cli.run([
      "evaluate",
      "--pred",
      "pred/a.png",
      "--gt",
      "gt/a.png",
      "--json",
    ]);
    expect(code).toBe(0);
    const report = JSON.parse(stdout);
    expect(Object.keys(report).sort()).toEqual(["classes", "kind", "notes", "overall", "photos", "problems"]);
    expect(report.overall).toMatchObject({ photos: 1, iou: 0.5, mIoU: 0.5 });
  });

  it("prints COCO's scores by class and over all", async () => {
    const args = ["evaluate", "--pred", "results.json", "--gt", "truth.json"];
    const { code, stdout, stderr } = await cli.run(args);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^cat +1 +1 +100\.00 +100\.00 +100\.00 +100\.00$/m);
    expect(stdout).toMatch(/^boundary +100\.00 +100\.00 +100\.00 +100\.00 +– +–/m);
  });

  it("ends with one sentence where nothing can be compared, and with 2 for a wrong option", async () => {
    const missing = await cli.run(["evaluate", "--pred", "nowhere", "--gt", "gt"]);
    expect(missing).toEqual({
      code: 1,
      stdout: "",
      stderr: "samrefiner: nowhere cannot be read (no such file or folder): expected the predictions\n",
    });
    const args = ["evaluate", "--pred", "pred", "--gt", "gt"];
    expect((await cli.run([...args, "--encoding", "some"])).code).toBe(2);
    expect((await cli.run(["evaluate", "--pred", "pred"])).code).toBe(2);
  });
});
