import { assertEquals } from "@std/assert";
import { KeyPrefix } from "../../../../cli/chat/input/key_prefix.ts";
import { type Key, KeyDecoder } from "../../../../cli/terminal/key_decoder.ts";

const key = (name: string): Key => ({ kind: "key", name });
const text = (text: string): Key => ({ kind: "text", text });

const cases: readonly [bytes: string, keys: readonly Key[]][] = [
  ["\x18\x15", [key("ctrl+x ctrl+u")]],
  ["\x18\x05\x05", [key("ctrl+x ctrl+e"), key("ctrl+e")]],
  ["\x18\x18\x15", [key("ctrl+x ctrl+x"), key("ctrl+u")]],
  ["\x18\r\x1b[A", [key("ctrl+x enter"), key("up")]],
  ["\x18\x03\x18\x1a\x15", [key("ctrl+c"), key("ctrl+z"), key("ctrl+u")]],
  ["\x18hello", [text("hello")]],
  ["\x18\x1b[200~a\x1b[201~\x15", [{ kind: "paste", text: "a" }, key("ctrl+u")]],
  ["\x18\x1b[I\x15", [{ kind: "focus", focused: true }, key("ctrl+x ctrl+u")]],
  ["\x1b[120;5u\x1b[117;5u", [key("ctrl+x ctrl+u")]],
  ["x\x18", [text("x")]],
];
for (const [bytes, expected] of cases) {
  Deno.test(`Ctrl+X is joined with the next key in ${JSON.stringify(bytes)}`, () => {
    const prefix = new KeyPrefix();
    const pressed = new KeyDecoder().decode(new TextEncoder().encode(bytes));
    const keys = pressed.map((one) => prefix.join(one)).filter((one) => one !== undefined);
    assertEquals(keys, [...expected]);
  });
}
