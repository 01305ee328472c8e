import { assertEquals } from "@std/assert";
import { parseRetryAfter } from "../../../client/auth/retry_after.ts";

const NOW = Date.UTC(2026, 10, 23, 10);

const values: readonly [value: string, milliseconds: number | undefined][] = [
  ["120", 120_000],
  ["0", 0],
  [" 5 ", 5_000],
  ["1.5", 1_500],
  ["86400", 86_400_000],
  ["9".repeat(400), undefined],
  ["-5", undefined],
  ["", undefined],
  ["soon", undefined],
  ["May 5", undefined],
  ["5 minutes", undefined],
  ["2026-11-23", undefined],
  ["Mon, 23 Nov 2026 10:00:30 GMT", 30_000],
  ["Monday, 23-Nov-26 10:01:00 GMT", 60_000],
  ["Mon Nov 23 10:00:05 2026", 5_000],
  ["Mon, 23 Nov 2026 09:59:59 GMT", 0],
  ["Wed, 21 Oct 2015 07:28:00 GMT", 0],
  ["Mon, 23 Nov 2026 25:00:00 GMT", undefined],
];

for (const [value, milliseconds] of values) {
  Deno.test(`Retry-After: ${value.slice(0, 40)} is ${milliseconds} ms`, () => {
    assertEquals(parseRetryAfter(new Headers({ "Retry-After": value }), NOW), milliseconds);
  });
}

Deno.test("a response without the header has none", () => {
  assertEquals(parseRetryAfter(new Headers(), NOW), undefined);
});

Deno.test("a date counts from the server's clock, not from a wrong one here", () => {
  const headers = new Headers({
    "Retry-After": "Mon, 23 Nov 2026 10:00:30 GMT",
    "Date": "Mon, 23 Nov 2026 10:00:10 GMT",
  });
  for (const now of [0, NOW, NOW + 400 * 86_400_000]) {
    assertEquals(parseRetryAfter(headers, now), 20_000);
  }
});
