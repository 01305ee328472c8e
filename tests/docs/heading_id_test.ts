import { assertEquals } from "@std/assert";
import { githubSlug } from "../../docs/.vitepress/heading_id.ts";

Deno.test("a heading has the id that GitHub gives it", () => {
  const ids = {
    "What is an answer?": "what-is-an-answer",
    "1. Write it": "1-write-it",
    "Groups and plug-ins": "groups-and-plug-ins",
    "roomz bot run (and --watch)": "roomz-bot-run-and---watch",
    "Sessions, flows & time_zones": "sessions-flows--time_zones",
    "Größe 東京": "größe-東京",
  };
  for (const [heading, id] of Object.entries(ids)) assertEquals(githubSlug(heading), id);
});
