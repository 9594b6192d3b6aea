/** Runs as scripts start them. */
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createRefiner, type PhotoResult, planRun, type Refiner, reportRun } from "../../src/sdk/mod.ts";
import { mugBox, smallPhoto } from "../cli/pictures.ts";

let home = "";
let data = "";
let refiner: Refiner;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "samrefiner-sdk-"));
  data = join(home, "data");
  await mkdir(join(data, "images"), { recursive: true });
  await mkdir(join(data, "masks"));
  for (const name of ["a", "b"]) {
    await smallPhoto()
      .jpeg({ quality: 90 })
      .toFile(join(data, "images", `${name}.jpg`));
    await writeFile(join(data, "masks", `${name}.png`), mugBox());
  }
  refiner = await createRefiner({ cacheDir: join(home, "cache"), device: "cpu" });
});
afterAll(async () => {
  await refiner.close();
  await rm(home, { recursive: true, force: true });
});

it("refines a dataset, may be left and resumed, reports, and ends with its refiner", async () => {
  const out = join(data, "refined");
  const settings = { iterations: 1, growth: "none" } as const;
  for await (const { key } of refiner.refineDataset(data, { out, settings })) {
    expect(key).toBe("images/a.jpg");
    break;
  }
  // What lies in the results' folder is no part of the dataset.
  const plan = await planRun(data, { out });
  expect(plan.works.map(({ key }) => key)).toEqual(["images/a.jpg", "images/b.jpg"]);
  const results: PhotoResult[] = [];
  const plans: number[] = [];
  const options = { out, settings, resume: true, onPlan: () => plans.push(1) };
  for await (const result of refiner.refineDataset(plan, options)) results.push(result);
  expect([results.length, plans]).toEqual([2, [1]]);
  // The second photo was under way when the first call was left, and may have been done by then.
  const [, second] = results;
  expect(second?.status === "known" || second?.regions[0]?.verdict === "refined").toBe(true);
  expect(await readdir(join(out, "masks"))).toEqual(["a.png", "b.png"]);
  const { report, html, csv } = reportRun(join(out, "samrefiner-run.jsonl"));
  expect(report.totals).toMatchObject({ photos: 2, failed: 0, regions: { refined: 2 } });
  expect(report.regions[0]?.contrastGain).toBeGreaterThan(1);
  expect((await html({ thumbnails: 1 })).match(/<img /g)).toHaveLength(1);
  expect(csv().split("\r\n")).toHaveLength(4);
  const wrong = refiner.refineDataset(data, {});
  await expect(wrong.next()).rejects.toThrow(/expected a place for the results/);
  await refiner.close();
  await expect(refiner.refineDataset(data, { out }).next()).rejects.toThrow(/the refiner is closed/);
});
