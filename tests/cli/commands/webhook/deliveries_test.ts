import { assertEquals } from "@std/assert";
import { Deliveries } from "../../../../cli/commands/webhook/deliveries.ts";

Deno.test("a delivery is said once, also while it is being said", async () => {
  const deliveries = new Deliveries();
  const acknowledged = Promise.withResolvers<boolean>();
  let said = 0;
  const say = (): Promise<boolean> => {
    said++;
    return acknowledged.promise;
  };
  const both = [deliveries.once("a", say), deliveries.once("a", say)];
  acknowledged.resolve(true);
  assertEquals(await Promise.all(both), [true, true]);
  assertEquals(await deliveries.once("a", say), true);
  assertEquals(said, 1);
  await deliveries.once("b", say);
  assertEquals(said, 2);
});

Deno.test("after a failure, a delivery can be repeated", async () => {
  const deliveries = new Deliveries();
  assertEquals(await deliveries.once("a", () => Promise.resolve(false)), false);
  const thrown = await deliveries.once("a", () => Promise.reject(new Error("x"))).catch(String);
  assertEquals(thrown, "Error: x");
  assertEquals(await deliveries.once("a", () => Promise.resolve(true)), true);
  assertEquals(await deliveries.once("a", () => Promise.resolve(false)), true);
});

Deno.test("the last 1,000 deliveries are remembered", async () => {
  const deliveries = new Deliveries();
  let said = 0;
  const say = (): Promise<boolean> => Promise.resolve(++said > 0);
  for (let id = 0; id <= 1_000; id++) await deliveries.once(String(id), say);
  await deliveries.once("1", say);
  assertEquals(said, 1_001);
  await deliveries.once("0", say);
  assertEquals(said, 1_002);
});
