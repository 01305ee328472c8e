/**
 * `roomz` with a bug that a signal triggers: SIGUSR1 an exception, SIGUSR2 an unhandled rejection.
 * @module
 */
Deno.addSignalListener("SIGUSR1", () => {
  setTimeout(() => {
    throw new Error("a bug");
  }, 0);
});
Deno.addSignalListener("SIGUSR2", () => void Promise.reject(new Error("a bug")));
await import("../../../../cli/main.ts");
