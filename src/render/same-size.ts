/** Throws a RangeError that names both sizes unless they are the same. */
export function assertSameSize(what: string, a: Sized, other: string, b: Sized): void {
  if (a.width === b.width && a.height === b.height) return;
  throw new RangeError(`${what} is ${a.width} × ${a.height}, but ${other} is ${b.width} × ${b.height}`);
}

/** Anything with a size in pixels. */
export interface Sized {
  readonly width: number;
  readonly height: number;
}
