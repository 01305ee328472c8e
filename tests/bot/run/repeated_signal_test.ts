import { assertEquals } from "@std/assert";
import { repeatedSignals } from "../../../bot/run/repeated_signal.ts";

Deno.test("SIGTERM right after SIGTERM repeats it; later, or after another signal, it does not", () => {
  let time = 0;
  const isRepeated = repeatedSignals(() => time);
  const at = (milliseconds: number, signal: string): boolean => {
    time = milliseconds;
    return isRepeated(signal);
  };
  assertEquals(at(1_000, "SIGINT"), false);
  assertEquals(at(1_001, "SIGTERM"), false);
  assertEquals(at(1_001, "SIGTERM"), true);
  assertEquals(at(1_250, "SIGTERM"), true);
  assertEquals(at(1_251, "SIGTERM"), false);
});

Deno.test("Ctrl+C is never taken for a repetition", () => {
  const isRepeated = repeatedSignals(() => 0);
  assertEquals([isRepeated("SIGINT"), isRepeated("SIGINT")], [false, false]);
});
