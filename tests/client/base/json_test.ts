import { assertEquals } from "@std/assert";
import { isJsonObject, parseJson } from "../../../client/base/json.ts";

Deno.test("text that is not JSON parses to undefined", () => {
  assertEquals(parseJson('{"a":[1,null]}'), { a: [1, null] });
  for (const text of ["", "{", "undefined", "'a'"]) assertEquals(parseJson(text), undefined);
});

Deno.test("arrays, null and primitives are not JSON objects", () => {
  assertEquals(isJsonObject({}), true);
  for (const value of [[], null, "a", 1, true, undefined]) assertEquals(isJsonObject(value), false);
});
