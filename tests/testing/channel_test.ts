import { assertEquals } from "@std/assert";
import { Channel, type ChannelEvent, escapeHtml, type Member } from "../../testing/channel.ts";
import { Transcript } from "../../testing/transcript.ts";
import { VirtualClock } from "../../testing/virtual_clock.ts";

class RecordingMember implements Member {
  readonly isBot = false;
  displayName: string | null = null;
  readonly events: ChannelEvent[] = [];

  receive(event: ChannelEvent): void {
    this.events.push(event);
  }
}

function channel(): Channel {
  const clock = new VirtualClock(Date.UTC(2026, 0, 1));
  return new Channel("me@example.com", clock, new Transcript(clock), true);
}

Deno.test("everyone receives a message, but only others receive the other events", () => {
  const room = channel();
  const [phone, laptop] = [new RecordingMember(), new RecordingMember()];
  room.join(phone);
  room.join(laptop);
  room.rename(laptop, "laptop");
  room.say(laptop, "hi");
  room.leave(laptop);
  room.leave(laptop);
  assertEquals(phone.events.map(({ name }) => name), [
    "user_joined",
    "display_name_changed",
    "message",
    "user_left",
  ]);
  assertEquals(laptop.events.map(({ name }) => name), ["message"]);
});

Deno.test("a message is stripped, escaped on the wire and truncated, as on a server", () => {
  const room = channel();
  const phone = new RecordingMember();
  room.join(phone);
  assertEquals(room.say(phone, " <b> ").content, "<b>");
  assertEquals(phone.events[0]?.payload.content, "&lt;b&gt;");
  assertEquals(room.say(phone, "x".repeat(2_000)).content, "x".repeat(1_000));
});

Deno.test("escapeHtml escapes like Python's html.escape", () => {
  assertEquals(escapeHtml(`&<>"'`), "&amp;&lt;&gt;&quot;&#x27;");
});
