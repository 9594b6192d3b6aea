/** An object store as the place for inputs and results. */
import { AwsClient } from "aws4fetch";
import { InputError, OutputError } from "../../core/errors.ts";
import { hashOf } from "../../dataset/run/content.ts";
import type { Exchange } from "./exchange.ts";
import type { StoreAddress } from "./store-address.ts";

/** Attempts after the first, further and further apart. */
const RETRIES = 4;
const PATIENCE_MS = 120_000;

/**
 * Objects of one run.
 *
 * @param folder name below the store's address
 */
export function storeExchange(address: StoreAddress, folder: string): Exchange {
  const { accessKeyId, secretAccessKey, sessionToken, region, base, label } = address;
  const credentials = {
    accessKeyId,
    secretAccessKey,
    ...(sessionToken === undefined ? {} : { sessionToken }),
  };
  const client = new AwsClient({ ...credentials, region, service: "s3", retries: RETRIES });
  const ask = async (method: string, sha256: string, body?: Uint8Array): Promise<Response> => {
    const init = { method, signal: AbortSignal.timeout(PATIENCE_MS) };
    return client.fetch(
      `${base}${folder}/${sha256}`,
      // A copy: requests take no view of memory that might be shared.
      body === undefined ? init : { ...init, body: new Uint8Array(body) },
    );
  };
  const remove = async (sha256: string): Promise<void> => {
    const response = await ask("DELETE", sha256).catch(() => undefined);
    await response?.body?.cancel();
  };
  return {
    label: `${label}/${folder}`,
    put: async (bytes) => {
      const sha256 = hashOf(bytes);
      const name = `${label}/${folder}/${sha256}`;
      const found = await answer(
        ask("HEAD", sha256),
        (why) => new OutputError(`${name} cannot be written: ${why}`),
      );
      if (found.status === 200) return sha256;
      const put = await answer(
        ask("PUT", sha256, bytes),
        (why) => new OutputError(`${name} cannot be written: ${why}`),
      );
      await put.body?.cancel();
      if (!put.ok) throw new OutputError(`${name} cannot be written: HTTP status ${put.status}`);
      return sha256;
    },
    get: async (sha256) => {
      const name = `${label}/${folder}/${sha256}`;
      const refuse = (why: string): InputError =>
        new InputError(`${name} cannot be read (${why}): expected an object`);
      const response = await answer(ask("GET", sha256), refuse);
      if (!response.ok) {
        await response.body?.cancel();
        throw refuse(`HTTP status ${response.status}`);
      }
      const body = await response.arrayBuffer().catch((cause: Error) => {
        throw refuse(cause.message);
      });
      const bytes = new Uint8Array(body);
      if (hashOf(bytes) !== sha256)
        throw new InputError(`${name} is damaged: expected its sha256 to be its name`);
      return bytes;
    },
    remove,
    // Every object is removed when its photo is done; a listing would be needed to tell of others.
    clear: async () => undefined,
  };
}

/** What the network says is one sentence; the request, which is signed, is not shown. */
async function answer(asked: Promise<Response>, refuse: (why: string) => Error): Promise<Response> {
  try {
    return await asked;
  } catch (cause) {
    const { message, cause: inner } = cause as Error;
    throw refuse(inner instanceof Error && inner.message !== "" ? inner.message : message);
  }
}
