/**
 * Notices that the reader of stdout has closed the pipe, as `head` does, before the next write.
 *
 * Deno has no way to ask: writing nothing always succeeds, a `node:net` socket on the pipe fails at once,
 * and /proc is closed to programs without all permissions. What remains is poll(2), which needs the
 * permission to load the C library (`--allow-ffi`). Without it, the next write notices.
 * @module
 */
import { type Io, OutputClosed } from "../command_line/io.ts";

/** `Io.signal`, which also aborts when the reader of stdout has left. */
export interface ReaderSignal extends Disposable {
  /** Its reason is `OutputClosed` if the reader has left. */
  readonly signal: AbortSignal;
}

/** How long one call of poll(2) waits, milliseconds: it cannot be cancelled. */
const POLL_TIME = 1_000;

/** The same on Linux and macOS. */
const POLLERR = 0x08;
const POLLHUP = 0x10;

const C_LIBRARIES: Readonly<Partial<Record<typeof Deno.build.os, readonly string[]>>> = {
  linux: ["libc.so.6", `libc.musl-${Deno.build.arch}.so.1`],
  darwin: ["libSystem.B.dylib"],
};

/** Watches the reader of stdout until it is disposed. */
export function watchReader(io: Io): ReaderSignal {
  const { fd, isTerminal } = io.stdout;
  const left = new AbortController();
  const stopped = new AbortController();
  if (fd !== undefined && !isTerminal) void pollUntilClosed(fd, left, stopped.signal);
  return {
    signal: AbortSignal.any([io.signal, left.signal]),
    [Symbol.dispose]: () => stopped.abort(),
  };
}

async function pollUntilClosed(
  fd: number,
  left: AbortController,
  stopped: AbortSignal,
): Promise<void> {
  using library = loadPoll();
  if (library === undefined) return;
  // struct pollfd: the descriptor, and no events: errors and hang-ups are always reported.
  const request = new Uint8Array(8);
  new DataView(request.buffer).setInt32(0, fd, true);
  while (!stopped.aborted) {
    const found = await library.poll(request, 1n, POLL_TIME);
    if (found > 0) {
      const events = new DataView(request.buffer).getInt16(6, true);
      // Otherwise the descriptor cannot be polled, as devices on macOS: nothing can be known.
      if ((events & (POLLERR | POLLHUP)) !== 0) left.abort(new OutputClosed());
      return;
    }
    if (found < 0) await new Promise((resolve) => setTimeout(resolve, POLL_TIME));
  }
}

interface PollLibrary extends Disposable {
  poll(request: Uint8Array<ArrayBuffer>, count: bigint, time: number): Promise<number>;
}

function loadPoll(): PollLibrary | undefined {
  if (Deno.permissions.querySync({ name: "ffi" }).state !== "granted") return undefined;
  for (const name of C_LIBRARIES[Deno.build.os] ?? []) {
    try {
      const library = Deno.dlopen(name, {
        poll: { parameters: ["buffer", "usize", "i32"], result: "i32", nonblocking: true },
      });
      return { poll: library.symbols.poll, [Symbol.dispose]: () => library.close() };
    } catch {
      // Another C library, or none.
    }
  }
}
