import { assertEquals, assertStringIncludes } from "@std/assert";
import type { RequestEnd } from "../../../client/connection/acknowledgements.ts";
import {
  displayNameResult,
  malformed,
  sendResult,
} from "../../../client/connection/request_results.ts";

const failures: readonly [name: string, end: RequestEnd, code: number][] = [
  ["an unrecognised acknowledgement", ["hello"], 502],
  ["a timeout", "timeout", 408],
  ["a lost connection", "lost", 503],
];
for (const [name, end, code] of failures) {
  Deno.test(`${name} is ${code}, and a message may have arrived`, () => {
    const sent = sendResult(end);
    const named = displayNameResult(end);
    if (sent.status === "ok" || named.status === "ok") throw new Error("the request failed");
    assertEquals([sent.code, sent.delivery, named.code], [code, "unknown", code]);
    assertEquals(sent.error, named.error.replace(/\.$/, ": the message may have arrived."));
  });
}

Deno.test("a request that is too large is 413, not sent; a name is 400", () => {
  const sent = sendResult("too_large");
  const named = displayNameResult("too_large");
  if (sent.status === "ok" || named.status === "ok") throw new Error("the request failed");
  assertEquals([sent.code, sent.delivery, named.code], [413, "not_sent", 400]);
});

Deno.test("half a character is malformed, and its index is given", () => {
  assertEquals(malformed("😀 well-formed"), undefined);
  assertStringIncludes(malformed("😀\ud83d😀")?.error ?? "", "at index 2.");
  assertStringIncludes(malformed("ab\ude00")?.error ?? "", "at index 2.");
});

Deno.test("an acknowledgement becomes the result", () => {
  const ok = { status: "ok", message_id: "m", timestamp: "t" };
  assertEquals<unknown>(sendResult([ok]), ok);
  const refused = { error: "Empty message", code: 400 };
  assertEquals<unknown>(sendResult([refused]), {
    ...refused,
    delivery: "rejected",
  });
  const cleared = { status: "ok", display_name: null };
  assertEquals<unknown>(displayNameResult([cleared]), cleared);
});
