/** Where a queue is, and the credentials for it. */
import { isIP } from "node:net";
import { OptionError } from "../core/errors.ts";

/** How a connection is made. */
export interface RedisPlace {
  readonly host: string;
  readonly port: number;
  readonly db: number;
  readonly username?: string;
  readonly password?: string;
  readonly tls?: { readonly servername?: string };
  readonly maxRetriesPerRequest: null;
  readonly retryStrategy: (times: number) => number;
}

/** A queue in a Redis or Valkey. */
export interface QueueAddress {
  /** Name of the queue. */
  readonly name: string;
  /** For messages: without credentials. */
  readonly label: string;
  readonly connection: RedisPlace;
}

/** The variables that hold what must not be seen in a list of processes. */
const VARIABLES = {
  url: "SAMREFINER_QUEUE_URL",
  username: "SAMREFINER_QUEUE_USERNAME",
  password: "SAMREFINER_QUEUE_PASSWORD",
} as const;

const DEFAULT_NAME = "samrefiner";
/** Longest pause between two attempts to connect again. */
const PAUSE_MS = 2000;

/**
 * Reads an address.
 *
 * @param url `redis://host:6379/0?queue=name`, `rediss://…` for TLS; without it that of `SAMREFINER_QUEUE_URL`
 * @throws {OptionError} when it is none, or has a password in it that did not come from the environment
 */
export function queueAddress(
  url: string | undefined,
  env: Readonly<Record<string, string | undefined>> = process.env,
): QueueAddress {
  const text = url ?? env[VARIABLES.url];
  if (text === undefined || text === "")
    throw new OptionError(
      `No queue is named: expected redis://host:port, or ${VARIABLES.url} in the environment`,
    );
  const at = parse(text, url === undefined ? VARIABLES.url : "The queue");
  if (url !== undefined && (at.username !== "" || at.password !== ""))
    throw new OptionError(
      `The queue's address has credentials in it, which other users of this machine can see: expected them in ${VARIABLES.url}, or in ${VARIABLES.username} and ${VARIABLES.password}`,
    );
  const name = at.searchParams.get("queue") ?? DEFAULT_NAME;
  if (!/^[\w.-]{1,64}$/.test(name))
    throw new OptionError(
      `The queue's name is ${JSON.stringify(name)}: expected up to 64 letters, digits, dots, dashes`,
    );
  const secure = at.protocol === "rediss:";
  const host = at.hostname.replace(/^\[|\]$/g, "") || "127.0.0.1";
  const port = at.port === "" ? 6379 : Number(at.port);
  const db = databaseOf(at);
  const username = decodeURIComponent(at.username) || env[VARIABLES.username];
  const password = decodeURIComponent(at.password) || env[VARIABLES.password];
  const label = `${at.protocol}//${at.hostname || host}:${port}/${db}`;
  return {
    name,
    label: name === DEFAULT_NAME ? label : `${label}?queue=${name}`,
    connection: {
      ...{ host, port, db },
      ...(username ? { username } : {}),
      ...(password ? { password } : {}),
      // A certificate of an address names it as such.
      ...(secure ? { tls: isIP(host) === 0 ? { servername: host } : {} } : {}),
      // A Redis that restarts is waited for, however long it takes.
      maxRetriesPerRequest: null,
      retryStrategy: (times) => Math.min(100 * times, PAUSE_MS),
    },
  };
}

function parse(text: string, what: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "redis:" || url?.protocol === "rediss:") return url;
  // The text itself is not repeated: it may hold a password.
  throw new OptionError(
    `${what} is no address of a Redis or Valkey: expected redis://host:port or rediss://host:port`,
  );
}

function databaseOf({ pathname }: URL): number {
  const text = pathname.replace(/^\//, "");
  const db = text === "" ? 0 : Number(text);
  if (Number.isInteger(db) && db >= 0 && db < 65536) return db;
  throw new OptionError(
    `The queue's database is ${JSON.stringify(text)}: expected its number, as in redis://host:port/0`,
  );
}

/** Takes the credentials out of a text. */
export function redact(text: string, { connection }: Pick<QueueAddress, "connection">): string {
  const { username, password } = connection;
  const secrets = [password ?? "", username ?? ""].filter((secret) => secret.length > 2);
  return secrets.reduce((shown, secret) => shown.replaceAll(secret, "***"), text);
}
