/** What VS Code runs inside its extension host: all suites, one after the other. Results go beside the bundle. */
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Mocha from "mocha";

/** One test and how it went. */
export interface HostResult {
  readonly title: string;
  readonly error?: string;
}

/** Called by VS Code; it rejects when a test failed. */
export function run(): Promise<void> {
  const mocha = new Mocha({ ui: "tdd", timeout: 60_000 });
  for (const name of readdirSync(__dirname))
    if (name.endsWith(".suite.cjs")) mocha.addFile(join(__dirname, name));
  const results: HostResult[] = [];
  return new Promise((resolve, reject) => {
    const runner = mocha.run((failures) => {
      writeFileSync(join(__dirname, "results.json"), JSON.stringify(results));
      if (failures === 0) resolve();
      else reject(new Error(`${failures} tests failed`));
    });
    runner.on("pass", (test) => results.push({ title: test.fullTitle() }));
    runner.on("fail", (test, error: Error) =>
      results.push({ title: test.fullTitle(), error: error.stack ?? error.message }),
    );
  });
}
