import { assert, assertEquals } from "@std/assert";
import { type Status, statusLine } from "../../../cli/chat/status_line.ts";
import { textWidth } from "../../../cli/terminal/text_width.ts";

const STATUS: Status = {
  connection: { state: "connected" },
  server: "https://roomz.example",
  identity: "Lap (ada@example.com)",
  email: "ada@example.com",
  connections: 2,
};

Deno.test("the line shows state, identity, server and connections", () => {
  const line = statusLine(STATUS, 100, 0);
  assertEquals(line, "● connected · Lap (ada@example.com) · roomz.example · 2 connections");
});

Deno.test("while reconnecting it shows the attempt, its countdown and the reason", () => {
  const connection = {
    state: "reconnecting",
    reason: "Connection lost.",
    attempt: 3,
    retryAt: 5_500,
  } as const;
  const line = statusLine({ ...STATUS, connection }, 60, 2_000);
  assertEquals(line, "○ reconnecting, attempt 3 in 4 s: Connection lost. · Lap (…");
});

Deno.test("a reason is shortened to its first and last part, without the server's URL", () => {
  const reason =
    "No WebSocket connection to https://roomz.example: NetworkError: failed to connect: " +
    "tcp connect error.";
  const line = statusLine({ ...STATUS, connection: { state: "connecting", reason } }, 100, 0);
  const expected = "○ connecting: No WebSocket connection: tcp connect error.";
  assertEquals(line.startsWith(`${expected} · Lap`), true, line);
});

Deno.test("a server's text cannot inject escape sequences or take a second row", () => {
  const connection = { state: "disconnected", reason: "a\nb\x1b[2J\u202e漢".repeat(9) } as const;
  for (let columns = 1; columns < 60; columns++) {
    const line = statusLine({ ...STATUS, connection }, columns, 0);
    assert(textWidth(line) < Math.max(columns, 1) || line === "");
    // deno-lint-ignore no-control-regex -- the characters that must not occur
    assert(!/[\x00-\x1f\u202e]/.test(line));
  }
});
