import type { Runtime } from "node:inspector";
import { setTimeout as sleep } from "node:timers/promises";
import type { Completion } from "../../protocol/kernel.ts";
import { type CompletionPlace, completionPlace } from "./completion-place.ts";
import type { Interrupter } from "./interrupter.ts";

/** A busy main thread answers when nobody waits any more. */
const LIMIT_MS = 400;

/** Members of a value with those of its prototypes, up to those that every object has; getters are not called. */
const MEMBERS = `function () {
  const found = new Map();
  for (let object = this; object !== null && object !== Object.prototype; object = Object.getPrototypeOf(object))
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(object)))
      if (name !== "constructor" && /^[A-Za-z_$][\\w$]*$/.test(name) && !found.has(name)) {
        const isClass = typeof value === "function" && /^class\\b/.test(Function.prototype.toString.call(value));
        found.set(name, isClass ? "class" : typeof value === "function" ? "function" : "value");
      }
  return [...found].slice(0, 500).map(([name, kind]) => ({ name, kind }));
}`;

/** What may be written in a cell, by the values that there are. Nothing is called for it, and nothing changed. */
export async function complete(
  main: Interrupter,
  { before, after }: { readonly before: string; readonly after: string },
): Promise<Completion[]> {
  const place = completionPlace(before, after);
  if (place === undefined) return [];
  const found = namesAt(main, place).catch(() => []);
  return Promise.race([found, sleep(LIMIT_MS, [])]);
}

async function namesAt(main: Interrupter, place: CompletionPlace): Promise<Completion[]> {
  if (place.kind === "member") return members(main, `Object(${place.of})`, { throwOnSideEffect: true });
  if (place.kind === "import") return members(main, '__load("samrefiner")', { awaitPromise: true });
  const { names } = await main.post<Runtime.GlobalLexicalScopeNamesReturnType>(
    "Runtime.globalLexicalScopeNames",
    {},
  );
  const isUsual = (name: string): boolean => /^[A-Za-z$][\w$]*$/.test(name);
  return [
    ...names.filter(isUsual).map((name) => ({ name, kind: "value" as const })),
    { name: "display", kind: "function" },
    { name: "signal", kind: "value" },
  ];
}

async function members(main: Interrupter, expression: string, options: object): Promise<Completion[]> {
  const { result } = await main.post<Runtime.EvaluateReturnType>("Runtime.evaluate", {
    expression,
    ...options,
  });
  if (result.objectId === undefined || result.subtype === "error") return [];
  try {
    const named = await main.post<Runtime.CallFunctionOnReturnType>("Runtime.callFunctionOn", {
      objectId: result.objectId,
      functionDeclaration: MEMBERS,
      returnByValue: true,
    });
    return (named.result.value as Completion[] | undefined) ?? [];
  } finally {
    await main.post("Runtime.releaseObject", { objectId: result.objectId });
  }
}
