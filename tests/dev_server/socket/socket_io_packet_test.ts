/**
 * Socket.IO packets. The expected values come from python-socketio 5.18.
 * @module
 */
import { assertEquals } from "@std/assert";
import {
  decodePacket,
  encodePacket,
  withAttachments,
} from "../../../dev_server/socket/socket_io_packet.ts";

const packets: Record<string, Partial<ReturnType<typeof decodePacket>>> = {
  "0": { type: 0, data: undefined },
  '0{"token":"x"}': { type: 0, data: { token: "x" } },
  "0/admin": { type: 0, namespace: "/admin" },
  "0/admin,": { type: 0, namespace: "/admin" },
  '0/a/b?c=d,{"e":1}': { type: 0, namespace: "/a/b", data: { e: 1 } },
  "0/?a=b,": { type: 0, namespace: "/" },
  "1": { type: 1 },
  '2["a"]': { type: 2, id: undefined, data: ["a"] },
  '20["a"]': { type: 2, id: "0", data: ["a"] },
  '2007["a"]': { type: 2, id: "7", data: ["a"] },
  '29007199254740993["a"]': { type: 2, id: "9007199254740993" },
  '2/,5 ["a" ]': { type: 2, id: "5", data: ["a"] },
  '52-7["a"]': { type: 5, attachments: 2, id: "7" },
  '51-/admin,7["a"]': { type: 5, attachments: 1, namespace: "/admin", id: "7" },
};
for (const [text, expected] of Object.entries(packets)) {
  Deno.test(`${text} is parsed`, () => {
    const whole = { attachments: 0, namespace: "/", id: undefined, data: undefined };
    const { data } = decodePacket(text) ?? {};
    assertEquals(decodePacket(text), { ...whole, data, ...expected });
  });
}

for (const text of ["", "7", "x", "2{", "2[", `2${"1".repeat(101)}[]`, "512345678901-[]", "0x"]) {
  Deno.test(`${JSON.stringify(text.slice(0, 20))} is malformed`, () => {
    assertEquals(decodePacket(text), undefined);
  });
}

Deno.test("packets are encoded like on the service", () => {
  assertEquals(encodePacket(3, [{ a: "é" }], { id: "07" }), '307[{"a":"\\u00e9"}]');
  assertEquals(encodePacket(4, "no", { namespace: "/admin" }), '4/admin,"no"');
});

Deno.test("attachments replace their placeholders at every depth", () => {
  const at = (num: number) => ({ _placeholder: true, num });
  const bytes = new Uint8Array([1]);
  assertEquals(withAttachments(["a", { b: [at(0), at(1)], c: at(5) }], [bytes, "text"]), [
    "a",
    { b: [bytes, "text"], c: null },
  ]);
});
