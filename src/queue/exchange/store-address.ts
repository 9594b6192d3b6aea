/** An object store's address and the credentials for it. */
import { OptionError } from "../../core/errors.ts";

/** An S3 bucket, or a part of it. */
export interface StoreAddress {
  /** For messages. */
  readonly label: string;
  /** Address of the bucket's objects, ending in `/`, prefix included. */
  readonly base: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | undefined;
  readonly region: string;
}

/**
 * Reads an address: `s3://bucket/prefix`, or `https://host/bucket/prefix` for stores other than Amazon's.
 *
 * @param env with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION, AWS_ENDPOINT_URL_S3
 * @throws {OptionError} when it is none, has credentials in it, or the environment has none
 */
export function storeAddress(
  text: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): StoreAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^(s3|https?):$/.test(url.protocol) || url.host === "")
    throw new OptionError(
      "The store is no address: expected s3://bucket/prefix or https://host/bucket/prefix",
    );
  if (url.username !== "" || url.password !== "" || url.search !== "")
    throw new OptionError(
      `The store's address has more than a place in it: expected credentials in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY`,
    );
  const region = env["AWS_REGION"] || env["AWS_DEFAULT_REGION"] || "us-east-1";
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env;
  if (!accessKeyId || !secretAccessKey)
    throw new OptionError(
      `No credentials for ${text}: expected AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment`,
    );
  const base = url.protocol === "s3:" ? bucketBase(url, region, env) : url.href;
  return {
    label: text,
    base: base.endsWith("/") ? base : `${base}/`,
    ...{ accessKeyId, secretAccessKey, region },
    sessionToken: env["AWS_SESSION_TOKEN"] || undefined,
  };
}

function bucketBase(
  { host, pathname }: URL,
  region: string,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const endpoint =
    env["AWS_ENDPOINT_URL_S3"] || env["AWS_ENDPOINT_URL"] || `https://s3.${region}.amazonaws.com`;
  if (!/^https?:\/\//.test(endpoint) || !URL.canParse(endpoint))
    throw new OptionError(`The store's endpoint is ${JSON.stringify(endpoint)}: expected https://host`);
  return `${endpoint.replace(/\/+$/, "")}/${host}${pathname}`;
}
