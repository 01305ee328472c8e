import { assert, assertEquals, assertMatch } from "@std/assert";
import { defineBot } from "@roomz/roomz/bot";
import { FleetWorld } from "../support/fleet_world.ts";

const bot = defineBot({
  name: "helper",
  commands: {
    "ping <n:int>": ({ args }) => `pong ${args.n}`,
    "think": () => new Promise<string>(() => {}),
  },
});

Deno.test("a host that joins first holds every account and answers for it", async () => {
  const world = new FleetWorld(bot);
  await world.add("a", "b");
  world.start();
  await world.clock.advance(1_000);
  const phone = world.device("a");
  phone.say("!ping 1");
  await world.clock.advance(100);
  assertEquals(phone.heard, ["pong 1"], world.transcript.toString());
});

Deno.test("a host that joins later takes half of the accounts, and no message is lost or answered twice", async () => {
  const world = new FleetWorld(bot);
  const ids = Array.from({ length: 10 }, (_, index) => `a${index}`);
  await world.add(...ids);
  world.start();
  await world.clock.advance(1_000);
  const phones = ids.map((id) => world.device(id));
  world.start();
  let count = 0;
  for (; count < 100; count++) {
    for (const phone of phones) phone.say(`!ping ${count}`);
    await world.clock.advance(50);
  }
  assertEquals(await world.shares(), { h0: 5, h1: 5 }, world.transcript.toString());
  const expected = Array.from({ length: count }, (_, n) => `pong ${n}`);
  for (const phone of phones) assertEquals(phone.heard.toSorted(byNumber), expected);
});

Deno.test("accounts of a host that is killed are answered for again within a lease and a second", async () => {
  const world = new FleetWorld(bot);
  const ids = ["a", "b", "c", "d"];
  await world.add(...ids);
  world.start();
  const second = world.start();
  await world.clock.advance(5_000);
  assertEquals(await world.shares(), { h0: 2, h1: 2 }, world.transcript.toString());
  second.kill();
  await world.clock.advance(7_000);
  assertEquals(await world.shares(), { h0: 4 }, world.transcript.toString());
  for (const id of ids) {
    const phone = world.device(id);
    phone.say("!ping 1");
    await world.clock.advance(100);
    assertEquals(phone.heard, ["pong 1"]);
  }
  assertEquals(world.hosts[0]?.gaps.length, 2);
});

Deno.test("a host that is stopped hands over without a gap and ends", async () => {
  const world = new FleetWorld(bot);
  const ids = ["a", "b", "c", "d"];
  await world.add(...ids);
  const first = world.start();
  world.start();
  await world.clock.advance(5_000);
  const phones = ids.map((id) => world.device(id));
  first.stop();
  let ended = false;
  void first.ended.then(() => ended = true);
  for (let count = 0; count < 100; count++) {
    for (const phone of phones) phone.say(`!ping ${count}`);
    await world.clock.advance(50);
  }
  assert(ended, world.transcript.toString());
  const expected = Array.from({ length: 100 }, (_, n) => `pong ${n}`);
  for (const phone of phones) {
    assertEquals(phone.heard.toSorted(byNumber), expected, world.transcript.toString());
  }
});

Deno.test("a host that cannot reach the store stops answering before another takes over", async () => {
  const world = new FleetWorld(bot);
  await world.add("a");
  const first = world.start();
  await world.clock.advance(2_000);
  world.start();
  await world.clock.advance(2_000);
  first.reachesStore = false;
  const phone = world.device("a");
  for (let count = 0; count < 200; count++) {
    phone.say(`!ping ${count}`);
    await world.clock.advance(50);
  }
  assertEquals(new Set(phone.heard).size, phone.heard.length, "no answer twice");
  assert(phone.heard.includes("pong 199"), world.transcript.toString());
  assertEquals(await world.shares(), { h1: 1 }, world.transcript.toString());
});

Deno.test("a host answers for the accounts of a dead one as soon as it has given that up", async () => {
  const world = new FleetWorld(bot);
  await world.add("a", "b");
  const first = world.start();
  const second = world.start();
  await world.clock.advance(5_000);
  second.kill();
  const isGivenUp = () => first.log.some((line) => line.includes("does not renew its lease"));
  while (!isGivenUp()) await world.clock.advance(10);
  await world.clock.advance(10);
  assertEquals(await world.shares(), { h0: 2 }, world.transcript.toString());
});

Deno.test("a host that the storage does not answer is healthy for another minute, in its next life too", async () => {
  const world = new FleetWorld(bot);
  await world.add("a", "b");
  const [first] = [world.start(), world.start()];
  assertEquals(first.health.report().healthy, false);
  await world.clock.advance(5_000);
  first.reachesStore = false;
  await world.clock.advance(5_000);
  const { healthy, hasLease } = first.health.report();
  assertEquals({ healthy, hasLease }, { healthy: true, hasLease: true });
  await world.clock.advance(55_000);
  const later = first.health.report();
  assertEquals([later.healthy, later.hasLease], [true, false]);
  assertMatch(later.text, /cannot reach the storage, and has no lease for 5\d s$/);
  await world.clock.advance(10_000);
  assertEquals(first.health.report().healthy, false);

  // It learns that others have taken over, and joins anew.
  first.reachesStore = true;
  await world.clock.advance(10_000);
  assert(first.log.some((line) => line.includes("joins anew")), world.transcript.toString());
  assertEquals(first.health.report().healthy, true);
  first.reachesStore = false;
  await world.clock.advance(30_000);
  assertEquals(first.health.report().healthy, true);
});

Deno.test("messages that nobody received because the last host had left are reported as missed", async () => {
  const world = new FleetWorld(bot);
  await world.add("a");
  const first = world.start();
  await world.clock.advance(5_000);
  first.stop();
  await first.ended;
  await world.clock.advance(5_000);
  const second = world.start();
  await world.clock.advance(1_000);
  assertEquals([first.gaps.length, second.gaps.length], [0, 1], world.transcript.toString());
});

Deno.test("a host that loses its connection before it takes over reports both gaps", async () => {
  const world = new FleetWorld(bot);
  await world.add("a");
  const first = world.start();
  await world.clock.advance(5_000);
  world.device("a").say("!think");
  first.stop();
  const startedAt = world.clock.now();
  const second = world.start();
  await world.clock.advance(1_500);
  assertEquals(await world.shares(), { "h1 from h0": 1 });
  first.kill();
  second.connections.get("a")?.disconnect();
  await world.clock.advance(8_000);
  second.connections.get("a")?.restore();
  await world.clock.advance(4_000);
  // What the first one had received it cannot know, and it has missed more since.
  assertEquals(second.gaps.map(({ from = 0 }) => from < startedAt), [true, false]);
});

Deno.test("a host that joins after another has died leaves its accounts where all look for them", async () => {
  const world = new FleetWorld(bot);
  await world.add("a");
  const first = world.start();
  await world.clock.advance(5_000);
  first.kill();
  const second = world.start();
  const third = world.start();
  await world.clock.advance(5_500);
  // It knows of the first one only that it has been there.
  assertEquals(await world.shares(), { h0: 1 });
  second.kill();
  await world.clock.advance(1_700);
  assertEquals(await world.shares(), { h2: 1 }, world.transcript.toString());
  assertEquals(third.gaps.length, 1);
});

Deno.test("a third host takes over when the one that was about to follow a dead one dies, too", async () => {
  const world = new FleetWorld(bot);
  await world.add("a");
  const [first, second] = [world.start(), world.start()];
  world.start();
  await world.clock.advance(5_000);
  world.device("a").say("!think");
  first.stop();
  await world.clock.advance(500);
  assertEquals(await world.shares(), { "h1 from h0": 1 });
  first.kill();
  await world.clock.advance(4_500);
  second.stop();
  await world.clock.advance(200);
  second.kill();
  await world.clock.advance(2_500);
  assertEquals(await world.shares(), { h2: 1 }, world.transcript.toString());
});

Deno.test("a host that dies without a connection leaves what it has missed for the next one to report", async () => {
  const world = new FleetWorld(bot);
  await world.add("a");
  const [first, second] = [world.start(), world.start()];
  await world.clock.advance(5_300);
  first.connections.get("a")?.disconnect();
  const lostAt = world.clock.now();
  // In less time than after which it would be handed over.
  await world.clock.advance(2_900);
  first.kill();
  await world.clock.advance(8_000);
  const [from] = second.gaps.map((gap) => gap.from);
  assert(from !== undefined && from <= lostAt, world.transcript.toString());
});

Deno.test("a new account is missed only if the first attempt to connect fails", async () => {
  const world = new FleetWorld(bot);
  await world.add("a");
  const host = world.start();
  await world.clock.advance(2_000);
  const addedAt = world.clock.now();
  await world.add("b");
  host.reachesRoomz = false;
  await world.clock.advance(5_000);
  host.reachesRoomz = true;
  await world.clock.advance(5_000);
  const gaps = host.gaps.map(({ account, from = 0 }) => [account.email, from - addedAt < 1_000]);
  assertEquals(gaps, [["b@example.com", true]]);
});

Deno.test("a host that can connect only late for a hand-over has missed nothing", async () => {
  const world = new FleetWorld(bot);
  await world.add("a");
  const [first, second] = [world.start(), world.start()];
  await world.clock.advance(2_000);
  second.reachesRoomz = false;
  first.stop();
  await world.clock.advance(4_000);
  second.reachesRoomz = true;
  await world.clock.advance(5_000);
  assertEquals(await world.shares(), { h1: 1 });
  assertEquals([...first.gaps, ...second.gaps], []);
});

Deno.test("what was missed is reported by the third host if the second dies before it is connected", async () => {
  const world = new FleetWorld(bot);
  await world.add("a");
  const first = world.start();
  await world.clock.advance(5_000);
  first.stop();
  await first.ended;
  const [second, third] = [world.start(), world.start()];
  second.reachesRoomz = false;
  // In less time than after which it would be handed over.
  await world.clock.advance(2_900);
  assertEquals(await world.shares(), { h1: 1 });
  second.kill();
  await world.clock.advance(8_000);
  assertEquals(await world.shares(), { h2: 1 }, world.transcript.toString());
  // Only the first host could know since when.
  assertEquals(third.gaps.map(({ from }) => from), [undefined]);
});

Deno.test("a message whose claim is under way when its host is given up is reported", async () => {
  const world = new FleetWorld(bot);
  await world.add("a");
  const first = world.start();
  await world.clock.advance(2_000);
  world.start();
  await world.clock.advance(2_000);
  first.reachesStore = false;
  const id = world.device("a").say("!ping 1");
  await world.clock.advance(7_500);
  first.reachesStore = true;
  await world.clock.advance(5_000);
  assertEquals(first.unknown.map((outcome) => outcome.id), [id], world.transcript.toString());
});

Deno.test("a host that ends in the middle of a hand-over reports what it was answering", async () => {
  const world = new FleetWorld(bot);
  await world.add("a");
  const first = world.start();
  const second = world.start();
  await world.clock.advance(5_000);
  second.reachesRoomz = false;
  first.stop();
  // The successor connects shortly before the time of the host that leaves is up.
  await world.clock.advance(14_000);
  second.reachesRoomz = true;
  const id = world.device("a").say("!think");
  await world.clock.advance(3_000);
  await first.ended;
  assertEquals(first.unknown.map((outcome) => outcome.id), [id], world.transcript.toString());
});

function byNumber(a: string, b: string): number {
  return Number(a.split(" ")[1]) - Number(b.split(" ")[1]);
}
