import { assert, assertEquals, assertMatch } from "@std/assert";
import { postedLine, readPosted } from "../../../../cli/commands/webhook/posted_text.ts";
import { fitsServer } from "../../../../client/protocol/server_text.ts";
import { HOSTILE_TEXTS } from "../../support/hostile_texts.ts";

/** What is said about a body; or the status that it is refused with. */
function said(contentType: string, body: string): string | number | undefined {
  const posted = readPosted(contentType, body);
  return "problem" in posted ? posted.status : postedLine(posted.value);
}

const JSON_TYPE = "application/json";
const FORM = "application/x-www-form-urlencoded";

const bodies: readonly [type: string, body: string, said: string | number | undefined][] = [
  [JSON_TYPE, '{"text": "the build is green", "x": 1}', "Webhook: the build is green"],
  ["application/vnd.x+json; charset=utf-8", '{"content": "hi"}', "Webhook: hi"],
  [JSON_TYPE, '{"text": " ", "message": "disk full"}', "Webhook: disk full"],
  [JSON_TYPE, '{"title": "Alert", "summary": "more"}', "Webhook: Alert"],
  [JSON_TYPE, '{"level": 3, "where": ["a"]}', 'Webhook: {"level":3,"where":["a"]}'],
  [JSON_TYPE, '"just a text"', "Webhook: just a text"],
  [JSON_TYPE, "[1, null]", "Webhook: [1,null]"],
  [JSON_TYPE, "false", "Webhook: false"],
  [JSON_TYPE, "{}", undefined],
  [JSON_TYPE, '{"text": "', 400],
  [JSON_TYPE, "", 400],
  [FORM, "text=the+build+is%20green", "Webhook: the build is green"],
  [FORM, "payload=%7B%22text%22%3A%22from+Slack%22%7D", "Webhook: from Slack"],
  [FORM, "a=1&b=2", 'Webhook: {"a":"1","b":"2"}'],
  [FORM, "payload=no", 400],
  [FORM, "", undefined],
  ["text/plain;charset=UTF-8", "!deploy\nnow", "Webhook: !deploy now"],
  ["text/plain", " \n ", undefined],
  ["", '{"text": "no type"}', "Webhook: no type"],
  ["", "no type", "Webhook: no type"],
  ["multipart/form-data; boundary=x", "--x", 415],
  ["text/html", "<p>", 415],
];
for (const [type, body, expected] of bodies) {
  Deno.test(`${type || "no type"}: ${body.slice(0, 40) || "an empty body"} makes ${expected}`, () => {
    assertEquals(said(type, body), expected);
  });
}

Deno.test("whatever is posted, its line calls no bot and fits a message", () => {
  for (const text of [...HOSTILE_TEXTS, "@todo list", "!help", "/quit", "<".repeat(5_000)]) {
    const line = postedLine(text);
    if (line === undefined) continue;
    assertMatch(line, /^Webhook: \S[^\r\n\u2028\u2029]*$/);
    assert(fitsServer(line));
  }
});
