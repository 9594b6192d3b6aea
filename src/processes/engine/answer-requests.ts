/** The requests that the worker thread answers. */
import {
  createMessageConnection,
  type MessageReader,
  type MessageWriter,
  ResponseError,
} from "vscode-jsonrpc/node.js";
import {
  EngineErrorCode,
  type EngineNotifications,
  type EngineProcessOptions,
  type EngineRequests,
  type ProgressMessage,
} from "../../protocol/engine.ts";
import {
  addModel,
  decideReview,
  listModels,
  openReview,
  removeModel,
  restoreOriginal,
  SamRefinerError,
} from "../../sdk/mod.ts";
import { adapt } from "./adapt/adapt.ts";
import type { LazyModel } from "./lazy-model.ts";
import { fetchOne } from "./models/fetch-one.ts";
import { viewOfModel } from "./models/view-of-model.ts";
import { plan } from "./plan.ts";
import type { RequestContext } from "./request-context.ts";
import { restoreFromRun } from "./runs/restore-from-run.ts";
import { Runs } from "./runs/runs.ts";
import { writeReport } from "./runs/write-report.ts";
import { SessionError } from "./sessions/session-error.ts";
import { Sessions } from "./sessions/sessions.ts";
import { Turns } from "./turns.ts";

/** Requests of the worker thread. */
type WorkerMethod = Exclude<keyof EngineRequests, "hello" | "status">;

/** Answers every request. */
type Handlers = {
  readonly [K in WorkerMethod]: (
    params: EngineRequests[K][0],
    context: RequestContext,
  ) => EngineRequests[K][1] | Promise<EngineRequests[K][1]>;
};

/** Work of minutes that runs need not wait for. */
const UNHURRIED: ReadonlySet<WorkerMethod> = new Set(["run/start", "adapt/start", "models/fetch"]);

/** Answers the host's requests until the process ends. */
export function answerRequests(
  reader: MessageReader,
  writer: MessageWriter,
  model: LazyModel,
  options: EngineProcessOptions,
): void {
  const connection = createMessageConnection(reader, writer, {
    error: (message) => log("error", message),
    warn: (message) => log("warn", message),
    info: (message) => log("info", message),
    log: (message) => log("debug", message),
  });
  const tell = <K extends keyof EngineNotifications>(name: K, params: EngineNotifications[K]): void =>
    void connection.sendNotification(name, params);
  const log = (level: EngineNotifications["log"]["level"], message: string): void =>
    tell("log", { level, message });
  const turns = new Turns();
  const handlers = handlersOf(model, turns, options);
  for (const [method, handler] of Object.entries(handlers) as [WorkerMethod, AnyHandler][]) {
    connection.onRequest(method, (params: { token?: string }, cancellation) => {
      const controller = new AbortController();
      cancellation.onCancellationRequested(() => controller.abort());
      // A request that was cancelled before it was begun has a token without an event.
      if (cancellation.isCancellationRequested) controller.abort();
      const { signal } = controller;
      const progress: RequestContext["progress"] = (step) => {
        if (params.token !== undefined) tell("progress", { token: params.token, ...step } as ProgressMessage);
      };
      const work = async (): Promise<unknown> => handler(params, { signal, progress });
      return (UNHURRIED.has(method) ? work() : turns.first(work)).catch((error: unknown) => {
        throw answerOf(error, signal);
      });
    });
  }
  connection.listen();
}

type AnyHandler = (params: unknown, context: RequestContext) => unknown;

function handlersOf(model: LazyModel, turns: Turns, { sessionBytes }: EngineProcessOptions): Handlers {
  const sessions = new Sessions(model, sessionBytes);
  const runs = new Runs(model, turns);
  return {
    plan,
    "session/open": (params, context) => sessions.open(params, context),
    "session/refine": (params, context) => sessions.refine(params, context),
    "session/prompt": (params, context) => sessions.prompt(params, context),
    "session/choose": (params) => sessions.choose(params),
    "session/pictures": (params) => sessions.pictures(params),
    "session/save": (params) => sessions.save(params),
    "session/close": (params) => sessions.close(params),
    "history/restore": ({ history, path, force = false }) => restoreOriginal(path, { history, force }),
    "run/start": (choice, context) => runs.start(choice, context),
    "run/report": ({ journal }) => writeReport(journal),
    "run/restore": ({ journal }, { signal }) => restoreFromRun(journal, signal),
    "review/open": ({ journal }) => openReview(journal),
    "review/decide": ({ journal, decisions }) => decideReview(journal, decisions),
    "adapt/start": (choice, context) => adapt(choice, model, context),
    "models/list": async () => (await listModels()).map(viewOfModel),
    "models/fetch": ({ name }, context) => fetchOne(name, context),
    "models/add": async ({ encoder, decoder, name }) =>
      viewOfModel(await addModel({ encoder, decoder }, { name })),
    "models/remove": async ({ name }) => {
      await removeModel(name);
      return null;
    },
  };
}

function answerOf(error: unknown, signal: AbortSignal): ResponseError<{ kind: string; stack?: string }> {
  if (signal.aborted) return new ResponseError(EngineErrorCode.cancelled, "The request was cancelled");
  if (error instanceof SamRefinerError || error instanceof SessionError)
    return new ResponseError(EngineErrorCode.refused, error.message, { kind: error.name });
  const { message, stack = message } = error instanceof Error ? error : new Error(String(error));
  return new ResponseError(EngineErrorCode.internal, message, { kind: "InternalError", stack });
}
