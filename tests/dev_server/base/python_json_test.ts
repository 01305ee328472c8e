/**
 * JSON in Python's format. The expected values come from Python 3.11.
 * @module
 */
import { assertEquals } from "@std/assert";
import { dumps, dumpsSorted } from "../../../dev_server/base/python_json.ts";

const written: readonly (readonly [value: unknown, json: string])[] = [
  ["é", '"\\u00e9"'],
  ["😀", '"\\ud83d\\ude00"'],
  ["\ud800", '"\\ud800"'],
  ["\x7f\x80\u2028", '"\\u007f\\u0080\\u2028"'],
  ["\n\r\t\b\f\x00\x1f", '"\\n\\r\\t\\b\\f\\u0000\\u001f"'],
  ['"\\/', '"\\"\\\\/"'],
  [{ b: [1, null], a: true }, '{"b":[1,null],"a":true}'],
];
for (const [value, json] of written) {
  Deno.test(`JSON: ${json}`, () => assertEquals(dumps(value), json));
}

Deno.test("dumpsSorted sorts the keys at every depth", () => {
  assertEquals(
    dumpsSorted({ b: { d: 1, c: [{ f: 1, e: 2 }] }, a: 0 }),
    '{"a":0,"b":{"c":[{"e":2,"f":1}],"d":1}}',
  );
});
