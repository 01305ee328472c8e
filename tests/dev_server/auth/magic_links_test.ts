/**
 * How long the server remembers magic links and requests.
 * @module
 */
import { assertEquals } from "@std/assert";
import { MagicLinks } from "../../../dev_server/auth/magic_links.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Magic links with a manual clock. */
function createLinks(): { readonly links: MagicLinks; wait(milliseconds: number): void } {
  let now = Date.UTC(2026, 10, 22);
  return { links: new MagicLinks(() => now), wait: (milliseconds) => void (now += milliseconds) };
}

const waits: readonly (readonly [wait: number, addresses: number])[] = [
  [0, 101],
  [1, 101],
  [15 * MINUTE + 1, 101],
  [HOUR - 1, 101],
  [HOUR, 1],
  [HOUR + 1, 1],
  [24 * HOUR, 1],
];
for (const [wait, addresses] of waits) {
  Deno.test(`after ${wait} ms, ${addresses} addresses are remembered`, () => {
    const { links, wait: pass } = createLinks();
    for (let index = 0; index < 100; index++) links.issue(`person-${index}@example.com`);
    pass(wait);
    links.issue("ada@example.com");
    assertEquals(links.remembered.addresses, addresses);
    assertEquals(links.remembered.links, wait > 15 * MINUTE ? 1 : 101);
  });
}

Deno.test("the requests of an address count while they are recent", () => {
  const { links, wait } = createLinks();
  const answers: boolean[] = [];
  for (let request = 0; request < 8; request++) {
    answers.push(links.issue("ada@example.com") !== undefined);
    wait(10 * MINUTE);
  }
  // Five links, then none until the first request is an hour old.
  assertEquals(answers, [true, true, true, true, true, false, true, true]);
});

Deno.test("a used link is forgotten immediately", () => {
  const { links } = createLinks();
  const token = links.issue("ada@example.com") ?? "";
  assertEquals(links.redeem(token), "ada@example.com");
  assertEquals(links.redeem(token), undefined);
  assertEquals(links.remembered.links, 0);
});
