/**
 * Captures the console's output.
 * @module
 */
// deno-lint-ignore-file no-console

/** Runs `action`; returns what any method of `console` wrote, one string per call. */
export async function captureConsole(action: () => void | Promise<void>): Promise<string[]> {
  const lines: string[] = [];
  const methods = ["debug", "error", "info", "log", "trace", "warn"] as const;
  const originals = methods.map((method) => console[method]);
  for (const method of methods) {
    console[method] = (...args: unknown[]) => {
      lines.push(args.map((arg) => typeof arg === "string" ? arg : Deno.inspect(arg)).join(" "));
    };
  }
  try {
    await action();
  } finally {
    methods.forEach((method, index) => {
      const original = originals[index];
      if (original !== undefined) console[method] = original;
    });
  }
  return lines;
}
