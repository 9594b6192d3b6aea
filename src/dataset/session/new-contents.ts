/** What a session's files hold when some of their regions are accepted. */
import type { LabelMap, Mask } from "../../core/mask.ts";
import type { RegionChange, Size } from "../../formats/annotations/annotation-file.ts";
import { runsInBox } from "../run/refine-pieces.ts";
import { Contest } from "./contest.ts";
import { acceptedClaim, keptClaimOf, type RegionState } from "./region-state.ts";
import type { NewContent } from "./save-files.ts";
import type { AnnotatedFile, LabelFile, SessionFile } from "./session-file.ts";
import { maskOfStretches } from "./stretches.ts";

/** A file, and which of its regions take their refined pixels. */
export interface Acceptance {
  readonly file: SessionFile;
  /** All of the file's, in its order. */
  readonly regions: readonly RegionState[];
  /** Ids. */
  readonly accepted: ReadonlySet<number>;
  /** Values of a mask file that this session has saved in place: its siblings agree with them. */
  readonly saved: LabelMap["data"] | undefined;
}

/** What a file is to hold. */
export interface NewFile {
  /** Of the file, and of those that must agree with it. */
  readonly contents: readonly NewContent[];
  /** Values of a mask file. */
  readonly values?: LabelMap["data"];
}

/** Works out the bytes of a file. */
export async function newFile(acceptance: Acceptance, size: Size): Promise<NewFile> {
  const { file, regions, accepted, saved } = acceptance;
  const taken = regions.filter((region) => accepted.has(region.id) && acceptedClaim(region) !== undefined);
  if (file.kind === "annotations") return { contents: [annotatedContent(file, taken, size)] };
  const values = taken.length === 0 ? file.map.data : labelValues(file, regions, new Set(taken));
  return { contents: await labelContents(file, values, saved ?? file.map.data), values };
}

async function labelContents(
  file: LabelFile,
  values: LabelMap["data"],
  before: LabelMap["data"],
): Promise<NewContent[]> {
  const { path, sha256, bytes, mask, map, target } = file;
  const own = values === map.data ? bytes : mask.write(values);
  const contents: NewContent[] = [
    {
      ...{ source: path, opened: sha256, bytes: own, notes: [] },
      otherKind: file.view.format === "JPEG" && own !== bytes,
    },
  ];
  const stored = (data: LabelMap["data"]): LabelMap => mask.turn?.back(data) ?? { ...map, data };
  for (const [i, sibling] of target.siblings.entries()) {
    const following = await sibling.follow(stored(before), stored(values));
    const opened = file.siblings[i]!;
    contents.push({ source: sibling.path, opened, bytes: following, notes: [], follows: path });
  }
  return contents;
}

function labelValues(
  { map, mask, rest }: LabelFile,
  regions: readonly RegionState[],
  taken: ReadonlySet<RegionState>,
): LabelMap["data"] {
  const claims = regions.map((region) => (taken.has(region) ? acceptedClaim(region)! : keptClaimOf(region)));
  const contest = new Contest(map, mask.ignoreLabel, [...claims, ...rest.map(({ claim }) => claim)]);
  return contest.values([...regions.map(({ read }) => read.value), ...rest.map(({ value }) => value)]);
}

function annotatedContent(
  { path, sha256, bytes, file, turn }: AnnotatedFile,
  taken: readonly RegionState[],
  size: Size,
): NewContent {
  const changes = taken.map(({ read, refined }): RegionChange => {
    const upright = maskOfStretches(refined, size);
    return { region: read.name, mask: runsInBox((turn?.back(upright.data) ?? upright) as Mask) };
  });
  const written = changes.length === 0 ? { bytes, notes: [] } : file.write(changes);
  return { source: path, opened: sha256, ...written };
}
