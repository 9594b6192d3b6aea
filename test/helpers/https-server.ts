/** A local HTTPS server with a certificate of its own, and a proxy that leads every host to it. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** A key and its self-signed certificate. */
export interface Certificate {
  readonly key: string;
  /** PEM, to be trusted as its own authority. */
  readonly cert: string;
}

/** Makes a certificate for `localhost` and the hosts that tests pretend to be. */
export function makeCertificate(hosts: readonly string[] = []): Certificate {
  const folder = mkdtempSync(join(tmpdir(), "certificate-"));
  const names = ["DNS:localhost", "IP:127.0.0.1", ...hosts.map((host) => `DNS:${host}`)].join(",");
  try {
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    const request = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    const subject = ["-days", "2", "-subj", "/CN=localhost", "-addext", `subjectAltName=${names}`];
    execFileSync("openssl", [...request, ...subject, "-keyout", key, "-out", cert], { stdio: "pipe" });
    return { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Answers a request. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A running server. */
export interface Running {
  readonly port: number;
  /** What was asked for, in order: method, path and range. */
  readonly asked: string[];
  close(): Promise<void>;
}

/** Serves over TLS on a port of its own. */
export async function serveSecurely({ key, cert }: Certificate, handler: Handler): Promise<Running> {
  const asked: string[] = [];
  const server = createServer({ key, cert }, (request, response) => {
    asked.push([request.method, request.url, request.headers.range].filter(Boolean).join(" "));
    handler(request, response);
  });
  return running(server, asked);
}

/** A proxy for CONNECT that leads to one local port, whatever host is asked for. */
export async function serveProxy(port: number): Promise<Running> {
  const asked: string[] = [];
  const server = createHttpServer((_, response) => response.writeHead(405).end());
  server.on("connect", (request: IncomingMessage, client: Socket) => {
    asked.push(`CONNECT ${request.url}`);
    const upstream = connect(port, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      upstream.pipe(client).pipe(upstream);
    });
    for (const socket of [client, upstream])
      socket.on("error", () => [client, upstream].map((one) => one.destroy()));
  });
  return running(server, asked);
}

async function running(server: Server, asked: string[]): Promise<Running> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** How {@link serveFile} answers. */
export interface Served {
  readonly bytes: Uint8Array;
  readonly etag?: string;
  /** Answers ranges. @default true */
  readonly ranges?: boolean;
  /** Names no length: sent in chunks. */
  readonly chunked?: boolean;
  /** Bytes after which the connection breaks. */
  readonly breakAfter?: number;
  /** Resolves once this many bytes of the file have arrived: a connection does not break before. */
  readonly arrived?: (bytes: number) => Promise<unknown>;
  /** Bytes after which nothing more comes. */
  readonly stallAfter?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers like a file server, or one of its failures. */
export function serveFile(request: IncomingMessage, response: ServerResponse, served: Served): void {
  const { bytes, etag, ranges = true, chunked = false, headers = {} } = served;
  const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? "");
  const ifRange = request.headers["if-range"];
  const part = ranges && range !== null && (ifRange === undefined || ifRange === etag);
  const start = part ? Number(range[1]) : 0;
  if (start >= bytes.length && part) {
    response.writeHead(416, { "content-range": `bytes */${bytes.length}` }).end();
    return;
  }
  const body = bytes.subarray(start);
  response.writeHead(part ? 206 : 200, {
    ...(chunked ? {} : { "content-length": body.length }),
    ...(part ? { "content-range": `bytes ${start}-${bytes.length - 1}/${bytes.length}` } : {}),
    ...(etag === undefined ? {} : { etag }),
    ...headers,
  });
  send(response, start, body, served);
}

function send(response: ServerResponse, start: number, body: Uint8Array, served: Served): void {
  const { breakAfter, stallAfter, arrived = () => delay(20) } = served;
  if (breakAfter !== undefined && breakAfter < body.length) {
    response.write(body.subarray(0, breakAfter));
    void arrived(start + breakAfter).finally(() => response.socket?.destroy());
  } else if (stallAfter !== undefined && stallAfter < body.length)
    response.write(body.subarray(0, stallAfter));
  else response.end(body);
}
