/** Which prediction belongs to which ground truth. */
import { stat } from "node:fs/promises";
import { extname, relative, sep } from "node:path";
import { InputError } from "../../core/errors.ts";
import { Folders } from "../plan/folders.ts";
import { fileExtension, fileStem, withoutMaskSuffix } from "../plan/names.ts";
import { walkFiles } from "../plan/walk-files.ts";

/** A prediction and its ground truth. */
export interface FilePair {
  /** Path of the ground truth below its folder, `/` between folders; as given where it is a file. */
  readonly name: string;
  /** Paths. */
  readonly found: string;
  readonly truth: string;
}

/** Pairs, and what has no partner: one sentence each. */
export interface FilePairs {
  readonly pairs: readonly FilePair[];
  readonly problems: readonly string[];
}

/** Endings of files that are compared, in this order: a folder's JPEGs are masks only where nothing else is. */
const kinds: readonly (readonly string[])[] = [
  [".json", ".xml", ".txt"],
  [".png", ".npy"],
  [".jpg", ".jpeg"],
];

/**
 * Pairs two files, or the files of two folders: by their path below the folder without the ending, else by their
 * name, else by their name without `_mask`, `_seg`, `_segmentation` or `_coarse`, wherever that leaves no choice.
 *
 * @throws {InputError} when one is missing, or only one is a folder, or no file has a partner
 */
export async function pairFiles(found: string, truth: string, signal?: AbortSignal): Promise<FilePairs> {
  const folders = await Promise.all([isFolder(found, "predictions"), isFolder(truth, "ground truth")]);
  if (folders[0] !== folders[1]) {
    const [folder, file] = folders[0] ? [found, truth] : [truth, found];
    throw new InputError(`${folder} is a folder and ${file} is a file: expected two folders or two files`);
  }
  if (!folders[0]) return { pairs: [{ name: truth, found, truth }], problems: [] };
  const reader = new Folders(signal);
  const wanted = await filesBelow(truth, reader);
  const given = await filesBelow(found, reader);
  return pairUp(wanted, given, found);
}

async function isFolder(path: string, what: string): Promise<boolean> {
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    const why = cause.code === "ENOENT" ? "no such file or folder" : cause.message;
    throw new InputError(`${path} cannot be read (${why}): expected the ${what}`, { cause });
  });
  return found.isDirectory();
}

interface FoundFile {
  readonly path: string;
  /** Below the folder, `/` between folders. */
  readonly relative: string;
}

async function filesBelow(root: string, folders: Folders): Promise<FoundFile[]> {
  const files: FoundFile[] = [];
  const onUnreadable = (_: string, error: InputError): never => {
    throw error;
  };
  for await (const path of walkFiles(root, folders, { onUnreadable }))
    files.push({ path, relative: relative(root, path).split(sep).join("/") });
  const ofKind = kinds.map((endings) => files.filter(({ path }) => endings.includes(fileExtension(path))));
  const chosen = ofKind.find((list) => list.length > 0);
  if (chosen !== undefined) return chosen;
  throw new InputError(`${root} holds no masks: expected ${kinds.flat().join(", ")} files`);
}

/** What a file may be recognised by, from the surest to the loosest. */
const keys: readonly ((file: FoundFile) => string)[] = [
  ({ relative: path }) => path.slice(0, path.length - extname(path).length).normalize("NFC"),
  ({ path }) => fileStem(path),
  ({ path }) => withoutMaskSuffix(fileStem(path)),
];

function pairUp(truths: readonly FoundFile[], founds: readonly FoundFile[], folder: string): FilePairs {
  const partner = new Map<FoundFile, FoundFile>();
  let [wanted, given] = [truths, founds];
  for (const key of keys) {
    for (const [truth, found] of samePairs(wanted, given, key)) partner.set(truth, found);
    wanted = wanted.filter((file) => !partner.has(file));
    const used = new Set(partner.values());
    given = given.filter((file) => !used.has(file));
  }
  const problems = [
    ...wanted.map(({ path }) => `${path} has no prediction in ${folder}: it is left out`),
    ...given.map(({ path }) => `${path} has no ground truth: it is left out`),
  ];
  const pairs = truths.flatMap((truth) => {
    const found = partner.get(truth);
    return found === undefined ? [] : [{ name: truth.relative, found: found.path, truth: truth.path }];
  });
  if (pairs.length > 0) return { pairs, problems };
  throw new InputError(
    `No file of ${folder} has the name of a ground truth: found ${given[0]?.relative}, expected ${wanted[0]?.relative}`,
  );
}

/** Files whose key occurs once on both sides. */
function samePairs(
  truths: readonly FoundFile[],
  founds: readonly FoundFile[],
  key: (file: FoundFile) => string,
): [FoundFile, FoundFile][] {
  const others = onlyOnes(founds, key);
  return [...onlyOnes(truths, key)].flatMap(([name, truth]): [FoundFile, FoundFile][] => {
    const found = others.get(name);
    return found === undefined ? [] : [[truth, found]];
  });
}

/** Files by their key, without those that share one. */
function onlyOnes(files: readonly FoundFile[], key: (file: FoundFile) => string): Map<string, FoundFile> {
  const seen = new Set<string>();
  const only = new Map<string, FoundFile>();
  for (const file of files) {
    const name = key(file);
    if (seen.has(name)) only.delete(name);
    else only.set(name, file);
    seen.add(name);
  }
  return only;
}
