import { assertEquals } from "@std/assert";
import { HistorySearch } from "../../../../cli/chat/input/history_search.ts";
import { InputHistory } from "../../../../cli/chat/input/input_history.ts";

async function search(): Promise<HistorySearch> {
  const history = new InputHistory();
  for (const entry of ["first", "second", "first again"]) await history.add(entry);
  return new HistorySearch(history);
}

Deno.test("typing searches the newest entry, and Ctrl+R an older one", async () => {
  const found = await search();
  assertEquals(found.match, undefined);
  assertEquals(found.press({ kind: "text", text: "fir" }), true);
  assertEquals([found.query, found.match], ["fir", "first again"]);
  assertEquals(found.press({ kind: "key", name: "ctrl+r" }), true);
  assertEquals(found.match, "first");
});

Deno.test("Backspace shortens the query and starts from the newest entry", async () => {
  const found = await search();
  found.press({ kind: "text", text: "firx" });
  assertEquals(found.match, undefined);
  found.press({ kind: "key", name: "backspace" });
  assertEquals([found.query, found.match], ["fir", "first again"]);
});

for (const character of ["📱", "👨‍👩‍👧", "👍🏽", "🇧🇪", "e\u0301", "👁️‍🗨️"]) {
  Deno.test(`Backspace in the search deletes ${character} whole`, async () => {
    const found = await search();
    found.press({ kind: "text", text: `fir${character}` });
    found.press({ kind: "key", name: "backspace" });
    assertEquals([found.query, found.match], ["fir", "first again"]);
  });
}

Deno.test("the search is edited like any input, pastes included", async () => {
  const found = await search();
  assertEquals(found.press({ kind: "paste", text: "first ag" }), true);
  assertEquals(found.match, "first again");
  assertEquals(found.press({ kind: "key", name: "ctrl+w" }), true);
  assertEquals(found.query, "first ");
  found.press({ kind: "key", name: "ctrl+u" });
  assertEquals([found.query, found.match], ["", undefined]);
  found.press({ kind: "key", name: "ctrl+y" });
  assertEquals(found.query, "first ag");
});

const edits: readonly [query: string, keys: readonly string[], edited: string][] = [
  ["fisr", ["backspace", "ctrl+t"], "fsi"],
  ["first", ["ctrl+w", "ctrl+_"], "first"],
  ["first", ["ctrl+u", "ctrl+x ctrl+u"], "first"],
  ["a b", ["ctrl+w", "ctrl+w", "ctrl+y"], "a b"],
  ["first", ["ctrl+d", "delete", "alt+u", "alt+l", "alt+c"], "first"],
  ["one two", ["alt+backspace", "ctrl+j", "ctrl+y"], "one \ntwo"],
];
for (const [query, keys, edited] of edits) {
  Deno.test(`${keys.join(", ")} in the search makes ${JSON.stringify(edited)} of "${query}"`, async () => {
    const found = await search();
    found.press({ kind: "text", text: query });
    for (const name of keys) assertEquals(found.press({ kind: "key", name }), true, name);
    assertEquals(found.query, edited);
  });
}

Deno.test("a focus change does not end the search; keys that move do", async () => {
  const found = await search();
  assertEquals(found.press({ kind: "focus", focused: false }), true);
  assertEquals(found.press({ kind: "key", name: "enter" }), false);
  assertEquals(found.press({ kind: "key", name: "left" }), false);
});
