/** Annotation files, read once for the photos that follow each other. */
import { readFile } from "node:fs/promises";
import { InputError } from "../../core/errors.ts";
import type { AnnotatedPhoto, AnnotationFile } from "../../formats/annotations/annotation-file.ts";
import { annotationFormats, detectAnnotations } from "../../formats/annotations/registry.ts";
import { hashOf } from "./content.ts";

/** A file as it was read. */
export interface AnnotationSource {
  readonly file: AnnotationFile;
  readonly sha256: string;
  /** By {@link AnnotatedPhoto.id}. */
  readonly photos: ReadonlyMap<string, AnnotatedPhoto>;
}

/** How a file is read. */
export interface AnnotationReading {
  /** What the file is called where it is stored under another name. @default its path */
  readonly name?: string;
  /** Name of its format. @default found out */
  readonly format?: string | undefined;
}

/** Files that stay in memory: a training and a validation set may take turns. */
const KEPT = 2;

/** Reads annotation files and keeps the last few. */
export class AnnotationSources {
  readonly #kept = new Map<string, Promise<AnnotationSource>>();

  /**
   * The file at a path.
   *
   * @throws {InputError} when it cannot be read, or is no annotation file
   */
  get(path: string, { name = path, format }: AnnotationReading = {}): Promise<AnnotationSource> {
    const known = this.#kept.get(path) ?? readAnnotations(path, name, format);
    this.drop(path);
    this.#kept.set(path, known);
    // A failure is no reason to fail the next time.
    known.catch(() => this.drop(path));
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT && oldest !== undefined) this.drop(oldest);
    return known;
  }

  /** Forgets a file, for example before it changes. */
  drop(path: string): void {
    this.#kept.delete(path);
  }
}

async function readAnnotations(
  path: string,
  name: string,
  forced: string | undefined,
): Promise<AnnotationSource> {
  const bytes = await readFile(path).catch((cause: Error) => {
    throw new InputError(`${path} cannot be read (${cause.message}): expected an annotation file`, { cause });
  });
  const format = annotationFormats.find((one) => one.name === forced) ?? detectAnnotations(name, bytes);
  if (format === undefined)
    throw new InputError(`${name} is of no known annotation format: expected an annotation file`);
  const file = format.read(name, bytes);
  return { file, sha256: hashOf(bytes), photos: new Map(file.photos.map((photo) => [photo.id, photo])) };
}
