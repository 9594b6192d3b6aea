/** A local object store that speaks as much S3 as the product uses, and checks every request's signature. */
import { createHash, createHmac } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** A running store. */
export interface ObjectStore {
  readonly url: string;
  readonly objects: Map<string, Buffer>;
  /** Requests that were refused, with the reason. */
  readonly refused: string[];
  /** Answers that come as an error first, as busy stores do. */
  stumble(times: number): void;
  close(): Promise<void>;
}

/** Who may use it. */
export interface StoreKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** Starts an empty store. */
export async function serveStore(keys: StoreKeys): Promise<ObjectStore> {
  const objects = new Map<string, Buffer>();
  const refused: string[] = [];
  let stumbles = 0;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const path = request.url ?? "/";
    const why = complaint(request, body, keys);
    if (stumbles > 0) {
      stumbles--;
      response.writeHead(503).end();
    } else if (why !== undefined) {
      refused.push(`${request.method} ${path}: ${why}`);
      response.writeHead(403).end();
    } else if (request.method === "PUT") {
      objects.set(path, body);
      response.writeHead(200).end();
    } else if (request.method === "DELETE") {
      objects.delete(path);
      response.writeHead(204).end();
    } else {
      const found = objects.get(path);
      response.writeHead(found === undefined ? 404 : 200).end(request.method === "HEAD" ? undefined : found);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ objects, refused },
    stumble: (times) => {
      stumbles = times;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Amazon's signature, version 4, from the request as it came. */
function complaint(request: IncomingMessage, body: Buffer, keys: StoreKeys): string | undefined {
  const { authorization = "" } = request.headers;
  const [, id, day, region, signed, signature] =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([\w-]+)\/s3\/aws4_request, SignedHeaders=([\w;-]+), Signature=([0-9a-f]{64})$/.exec(
      authorization,
    ) ?? [];
  if (id === undefined || day === undefined || signed === undefined) return "no signature";
  if (id !== keys.accessKeyId) return "another key";
  const header = (name: string): string => String(request.headers[name] ?? "");
  if (header("x-amz-security-token") !== keys.sessionToken) return "another session";
  const payload = header("x-amz-content-sha256");
  if (payload !== "UNSIGNED-PAYLOAD" && payload !== hash(body)) return "another body";
  const names = signed.split(";");
  const canonical = [
    request.method,
    ...(request.url ?? "").split("?", 1),
    "",
    ...names.map((name) => `${name}:${header(name).trim()}`),
    "",
    signed,
    payload,
  ].join("\n");
  const scope = `${day}/${region}/s3/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", header("x-amz-date"), scope, hash(canonical)].join("\n");
  const key = [day, region!, "s3", "aws4_request"].reduce<Buffer>(
    (secret, part) => hmac(secret, part),
    Buffer.from(`AWS4${keys.secretAccessKey}`),
  );
  return hmac(key, text).toString("hex") === signature ? undefined : "a wrong signature";
}

function hash(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}

function hmac(key: Buffer, data: string): Buffer {
  return createHmac("sha256", key).update(data).digest();
}
