/**
 * `roomz` with a bug, which a signal brings out: SIGUSR1 an exception, SIGUSR2 a rejection that nobody
 * handles.
 * @module
 */
Deno.addSignalListener("SIGUSR1", () => {
  setTimeout(() => {
    throw new Error("a bug");
  }, 0);
});
Deno.addSignalListener("SIGUSR2", () => void Promise.reject(new Error("a bug")));
await import("../../../../cli/main.ts");
