/** Requests of this product: HTTPS only, through the environment's proxy, and nothing waits for ever. */
import { type Dispatcher, EnvHttpProxyAgent, request } from "undici";
import { ModelError } from "../../core/errors.ts";

/** What an answer is awaited for. */
export interface ClientOptions {
  /** Milliseconds without a byte after which a transfer counts as stalled. @default 30000 */
  readonly stallMs?: number;
  /** Certificates to trust besides the system's, PEM. */
  readonly ca?: string;
}

const STALL_MS = 30_000;
const MOST_REDIRECTS = 10;

/** A client. `HTTPS_PROXY` and `NO_PROXY` say where requests go, `NODE_EXTRA_CA_CERTS` whom they trust. */
export function createClient({ stallMs = STALL_MS, ca }: ClientOptions = {}): Dispatcher {
  const tls = ca === undefined ? {} : { ca };
  return new EnvHttpProxyAgent({
    connect: { timeout: stallMs, ...tls },
    headersTimeout: stallMs,
    bodyTimeout: stallMs,
    requestTls: { timeout: stallMs, ...tls },
  });
}

/** An answer, and what the answers on the way to it said. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Dispatcher.ResponseData["body"];
  /** sha256 that the first host named for the file. */
  readonly declaredSha256: string | undefined;
}

/**
 * Asks for a file and follows redirects.
 *
 * @throws {ModelError} where a redirect leaves HTTPS, or there are too many of them
 */
export async function openDownload(
  url: string,
  headers: Readonly<Record<string, string>>,
  dispatcher: Dispatcher,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  let at = new URL(url);
  let declaredSha256: string | undefined;
  for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
    if (at.protocol !== "https:")
      throw new ModelError(`${url} leads to ${at.protocol}//${at.host}: expected an https address`);
    const {
      statusCode,
      headers: got,
      body,
    } = await request(at, {
      dispatcher,
      headers: { "user-agent": "samrefiner", "accept-encoding": "identity", ...headers },
      ...(signal === undefined ? {} : { signal }),
    });
    const flat = flatten(got);
    declaredSha256 ??= sha256In(flat["x-linked-etag"]);
    const location = flat["location"];
    if (statusCode < 300 || statusCode >= 400 || statusCode === 304 || location === undefined)
      return { status: statusCode, headers: flat, body, declaredSha256 };
    await body.dump();
    at = new URL(location, at);
  }
  throw new ModelError(`${url} redirects more than ${MOST_REDIRECTS} times: expected a file`);
}

function flatten(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value]],
    ),
  );
}

/** Large-file hosts name a file by its checksum; other names are no help. */
function sha256In(etag: string | undefined): string | undefined {
  return /^(?:W\/)?"?([0-9a-f]{64})"?$/.exec(etag ?? "")?.[1];
}
