import { assert, assertEquals } from "@std/assert";
import { StopRequest } from "../../../bot/run/stop_request.ts";

Deno.test("only the first request counts, for the promise and for signals from before and after", async () => {
  const request = new StopRequest();
  const { signal } = request;
  assertEquals([request.made, signal.aborted], [false, false]);
  request.make("one");
  request.make("two");
  await request.requested;
  assert(request.made);
  assertEquals([signal.reason.message, request.signal.reason.message], ["one", "one"]);
  const late = new StopRequest();
  late.make("three");
  assertEquals([late.signal.aborted, late.signal.reason.name], [true, "AbortError"]);
});
