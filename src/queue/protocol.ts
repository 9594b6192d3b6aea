/** Which queues and jobs this release works with. */
import manifest from "../../package.json" with { type: "json" };

/** Raised whenever jobs, results or keys change. */
const PROTOCOL = 1;

/** Stamped on a queue and on each of its jobs; the release is part of it, because another one may compute other pixels. */
export const STAMP: string = `${PROTOCOL}/${manifest.version}`;

/** What all keys in Redis begin with. */
export const PREFIX = "samrefiner";

/** A stamp in words. */
export function describeStamp(stamp: string): string {
  const [protocol, release] = stamp.split("/");
  return release === undefined
    ? `another program (${stamp})`
    : `protocol ${protocol} of samrefiner ${release}`;
}
