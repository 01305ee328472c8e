import { assertEquals } from "@std/assert";
import { Transcript } from "../../../cli/chat/transcript.ts";

Deno.test("a transcript returns its entries unchanged, oldest first", () => {
  const transcript = new Transcript();
  const entries = Array.from({ length: 1_234 }, (_, i) => `14:05 Ada: ${i}\n"é" 🦕 \ud800 \0`);
  for (const entry of entries) transcript.add(entry);
  assertEquals(transcript.entries(), entries);
});

Deno.test("a transcript keeps the newest 10,000 entries", () => {
  const transcript = new Transcript();
  for (let i = 0; i < 25_001; i++) transcript.add(`entry ${i}`);
  const entries = transcript.entries();
  assertEquals([entries.length, entries[0], entries.at(-1)], [
    10_000,
    "entry 15001",
    "entry 25000",
  ]);
});

Deno.test("a search returns the newest entries that contain the text, ignoring case, oldest first", () => {
  const transcript = new Transcript();
  for (let i = 0; i < 600; i++) transcript.add(i % 100 === 0 ? `Lunch ${i}` : `${i}`);
  assertEquals(transcript.search("lunch", 3), ["Lunch 300", "Lunch 400", "Lunch 500"]);
  assertEquals(transcript.search("dinner", 3), []);
});
