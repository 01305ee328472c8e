import { assertEquals } from "@std/assert";
import type { User } from "@roomz/roomz/client";
import { OtherQuestions } from "../../../bot/question/other_questions.ts";
import { VirtualClock } from "../../../testing/virtual_clock.ts";

const AGENT: User = { id: "user:me", email: "me@example.com", display_name: "agent" };
const BUILD: User = { ...AGENT, display_name: "build" };
const HOUR = 3_600_000;

function questions() {
  const clock = new VirtualClock(0);
  const others = new OtherQuestions(clock);
  const handles = () => others.all().map(({ handle }) => handle);
  return { clock, others, handles };
}

Deno.test("a question is open until it is closed, and its handle is known after that", () => {
  const { others, handles } = questions();
  others.heard({ handle: "k7m", text: "A?", position: 1 }, AGENT);
  others.heard({ handle: "p2x", text: "B?", position: 2 }, BUILD);
  assertEquals([handles(), others.count], [["k7m", "p2x"], 2]);
  others.close("k7m");
  assertEquals([handles(), others.has("k7m"), others.knows("k7m")], [["p2x"], false, true]);
  others.heard({ handle: "k7m", text: "A?", position: 3 }, AGENT);
  assertEquals(handles(), ["p2x", "k7m"]);
});

Deno.test("a question that is said again keeps its place and its text", () => {
  const { others } = questions();
  others.heard({ handle: "k7m", text: "A?", position: 1 }, AGENT);
  others.heard({ handle: "k7m", text: "A…", position: 9 }, AGENT);
  assertEquals(others.all().map(({ text, position }) => [text, position]), [["A?", 1]]);
});

Deno.test("a question outlives its asker's connection by ten minutes, if it is not said again", async () => {
  const { clock, others, handles } = questions();
  others.heard({ handle: "k7m", text: "A?", position: 1 }, AGENT);
  others.heard({ handle: "p2x", text: "B?", position: 2 }, BUILD);
  others.left(AGENT);
  await clock.advance(600_000 - 1);
  assertEquals(handles(), ["k7m", "p2x"]);
  await clock.advance(1);
  assertEquals([handles(), others.knows("k7m")], [["p2x"], true]);
  others.left(BUILD);
  others.heard({ handle: "p2x", text: "B?", position: 2 }, BUILD);
  await clock.advance(HOUR);
  assertEquals(handles(), ["p2x"]);
});

Deno.test("a question that nobody closes is forgotten after a day", async () => {
  const { clock, others, handles } = questions();
  others.heard({ handle: "k7m", text: "A?", position: 1 }, AGENT);
  await clock.advance(24 * HOUR - 1);
  assertEquals(handles(), ["k7m"]);
  await clock.advance(1);
  assertEquals(handles(), []);
});

Deno.test("made-up questions and closed handles are bounded", () => {
  const { others, handles } = questions();
  for (let n = 0; n < 3_000; n++) others.heard({ handle: `q${n}`, text: "", position: n }, AGENT);
  assertEquals([others.count, handles()[0]], [1_000, "q2000"]);
  assertEquals(others.closeAll(), true);
  assertEquals([others.count, others.closeAll()], [0, false]);
  assertEquals([others.knows("q2999"), others.knows("q2799")], [true, false]);
});
