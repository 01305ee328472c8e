/**
 * The Socket.IO codec. Vectors: socketio/socket.io-protocol (its text and its test suite) and the
 * tests of socketio/socket.io-parser.
 * @module
 */
import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { isJsonObject } from "../../../client/base/json.ts";
import { ProtocolError } from "../../../client/protocol/protocol_error.ts";
import {
  decodeSocketPacket,
  encodeEvent,
  type EventData,
  type SocketPacket,
} from "../../../client/protocol/socket_io.ts";
import { hostileFrame, SEED } from "../support/mutated_frames.ts";
import { encodeSocketPacket } from "../support/packet_encoders.ts";

const placeholder = { _placeholder: true, num: 0 };

const vectors: readonly [text: string, packet: SocketPacket][] = [
  ["0", { type: 0, namespace: "/", data: undefined }],
  ['0{"token":"123"}', { type: 0, namespace: "/", data: { token: "123" } }],
  ['0/woot,{"token":"123"}', { type: 0, namespace: "/woot", data: { token: "123" } }],
  ["0/custom,", { type: 0, namespace: "/custom", data: undefined }],
  ["1", { type: 1, namespace: "/" }],
  ["1/woot,", { type: 1, namespace: "/woot" }],
  ['2["hello",1]', { type: 2, namespace: "/", id: undefined, data: ["hello", 1] }],
  ['2["a",1,{}]', { type: 2, namespace: "/", id: undefined, data: ["a", 1, {}] }],
  [
    '2["message",1,"2",{"3":[true]}]',
    { type: 2, namespace: "/", id: undefined, data: ["message", 1, "2", { 3: [true] }] },
  ],
  ['2/test,1["a",1,{}]', { type: 2, namespace: "/test", id: 1, data: ["a", 1, {}] }],
  [
    '2/admin,456["project:delete",123]',
    { type: 2, namespace: "/admin", id: 456, data: ["project:delete", 123] },
  ],
  ['20["message"]', { type: 2, namespace: "/", id: 0, data: ["message"] }],
  ["3/admin,456[]", { type: 3, namespace: "/admin", id: 456, data: [] }],
  ['3123["a",1,{}]', { type: 3, namespace: "/", id: 123, data: ["a", 1, {}] }],
  ["4", { type: 4, namespace: "/", data: undefined }],
  ['4"Unauthorized"', { type: 4, namespace: "/", data: "Unauthorized" }],
  ['4{"message":"Unauthorized"}', { type: 4, namespace: "/", data: { message: "Unauthorized" } }],
  [
    '4/random,{"message":"Invalid namespace"}',
    { type: 4, namespace: "/random", data: { message: "Invalid namespace" } },
  ],
  [
    '51-["hello",{"_placeholder":true,"num":0}]',
    { type: 5, namespace: "/", id: undefined, attachments: 1, data: ["hello", placeholder] },
  ],
  [
    '51-/cool,23["a",{"_placeholder":true,"num":0}]',
    { type: 5, namespace: "/cool", id: 23, attachments: 1, data: ["a", placeholder] },
  ],
  [
    '61-/back,127["a",{"_placeholder":true,"num":0},{}]',
    { type: 6, namespace: "/back", id: 127, attachments: 1, data: ["a", placeholder, {}] },
  ],
];

for (const [text, packet] of vectors) {
  Deno.test(`the Socket.IO packet ${text} is decoded and encoded`, () => {
    assertEquals(decodeSocketPacket(text), packet);
    assertEquals(encodeSocketPacket(packet), text);
  });
}

Deno.test("an event is encoded as the protocol says", () => {
  const payload = { content: '"a"\n', 漢: [1, null] };
  assertEquals(
    encodeEvent(12, "message", payload),
    encodeSocketPacket({ type: 2, namespace: "/", id: 12, data: ["message", payload] }),
  );
});

Deno.test("the comma after a namespace may be missing", () => {
  assertEquals(decodeSocketPacket("1/woot"), { type: 1, namespace: "/woot" });
  assertEquals(decodeSocketPacket("0/woot"), { type: 0, namespace: "/woot", data: undefined });
});

Deno.test("a packet is decoded from the given index", () => {
  assertEquals(decodeSocketPacket('42["a"]', 1), decodeSocketPacket('2["a"]'));
});

const invalid: readonly [text: string, why: string][] = [
  ["", "it is empty"],
  ["999", "there is no type 9"],
  ["7", "there is no type 7"],
  ["abc", "it starts with no type"],
  ["0[]", "a connect packet's data is an object"],
  ['0/admin,"invalid"', "a connect packet's data is an object"],
  ["1/admin,{}", "a disconnect packet has no data"],
  ["2", "an event has a payload"],
  ["20", "an event has a payload"],
  ["2{}", "an event's payload is an array"],
  ["2/admin,{}", "an event's payload is an array"],
  ['2/admin,"invalid', "its payload is not JSON"],
  ["2[]", "an event has a name"],
  ["2[true]", "an event's name is a string"],
  ['2[true,"foo"]', "an event's name is a string"],
  ['2[null,"bar"]', "an event's name is a string"],
  ['2[1,"a",{}]', "an event's name is a string"],
  ['2[{"toString":"foo"}]', "an event's name is a string"],
  ['2-1["a"]', "an id has no sign"],
  ['29007199254740992["a"]', "its id is beyond 2^53"],
  [`2${"9".repeat(400)}["a"]`, "its id is too large for a number"],
  ["3", "an acknowledgement has an id and a payload"],
  ["30", "an acknowledgement has a payload"],
  ["3[]", "an acknowledgement has an id"],
  ["30{}", "an acknowledgement's payload is an array"],
  ["39007199254740993[]", "its id is beyond 2^53"],
  ["4[]", "a refusal's data is an object or a string"],
  ["4true", "a refusal's data is an object or a string"],
  ['442["some","data"', "its payload is not JSON"],
  ["5", "a binary packet says how many attachments follow"],
  ["5a-", "a number of attachments is digits"],
  ["51", "a dash follows the number of attachments"],
  ["51.23-", "a number of attachments is whole"],
  ["5-[]", "a binary packet says how many attachments follow"],
  ["51-", "a binary event has a payload"],
  [`5${"9".repeat(20)}-["a"]`, "its number of attachments is above 2^53"],
  ["61-[]", "a binary acknowledgement has an id"],
];

for (const [text, why] of invalid) {
  Deno.test(`${text.slice(0, 40)} is not a Socket.IO packet: ${why}`, () => {
    assertThrows(() => decodeSocketPacket(text), ProtocolError);
  });
}

Deno.test("a payload's __proto__ is an ordinary field, and changes no prototype", () => {
  const packet = decodeSocketPacket('2["a",{"__proto__":{"polluted":true}}]');
  const payload = packet.type === 2 ? packet.data[1] : undefined;
  assertEquals(Object.getPrototypeOf(payload), Object.prototype);
  assertEquals(Reflect.get({}, "polluted"), undefined);
});

const namespace = fc.oneof(fc.constant("/"), fc.stringMatching(/^\/[a-z]{1,8}$/));
const id = fc.nat(Number.MAX_SAFE_INTEGER);
const attachments = fc.nat(9);
// Through JSON once, which has no -0.
const json = fc.jsonValue().map((value): unknown => JSON.parse(JSON.stringify(value)));
const object = fc.dictionary(fc.string(), json, { noNullPrototype: true });
const eventData = fc.tuple(fc.string(), fc.array(json, { maxLength: 3 }))
  .map(([name, args]): EventData => [name, ...args]);
const args = fc.array(json, { maxLength: 3 });
const whole = { noNullPrototype: true };

const packets: Readonly<Record<string, fc.Arbitrary<SocketPacket>>> = {
  connect: fc.record({
    type: fc.constant(0),
    namespace,
    data: fc.option(object, {
      nil: undefined,
    }),
  }, whole),
  disconnect: fc.record({ type: fc.constant(1), namespace }, whole),
  event: fc.record({
    type: fc.constant(2),
    namespace,
    id: fc.option(id, { nil: undefined }),
    data: eventData,
  }, whole),
  acknowledgement: fc.record({ type: fc.constant(3), namespace, id, data: args }, whole),
  refusal: fc.record({
    type: fc.constant(4),
    namespace,
    data: fc.option(fc.oneof(object, fc.string()), { nil: undefined }),
  }, whole),
  "binary event": fc.record({
    type: fc.constant(5),
    namespace,
    id: fc.option(id, { nil: undefined }),
    attachments,
    data: eventData,
  }, whole),
  "binary acknowledgement": fc.record({
    type: fc.constant(6),
    namespace,
    id,
    attachments,
    data: args,
  }, whole),
};

for (const [name, packet] of Object.entries(packets)) {
  Deno.test(`a Socket.IO packet (${name}) survives encoding and decoding`, () => {
    fc.assert(
      fc.property(packet, (packet) => {
        assertEquals(decodeSocketPacket(encodeSocketPacket(packet)), packet);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });
}

Deno.test("decoding a Socket.IO packet throws only ProtocolError, or returns a complete packet", () => {
  fc.assert(
    fc.property(hostileFrame, fc.nat(1), (frame, start) => {
      let packet: SocketPacket;
      try {
        packet = decodeSocketPacket(frame, start);
      } catch (error) {
        if (error instanceof ProtocolError) return;
        throw error;
      }
      if (packet.type === 2) assertEquals(typeof packet.data[0], "string");
      if (packet.type === 3) assertEquals(Number.isSafeInteger(packet.id), true);
      if (packet.type === 0 && packet.data !== undefined) {
        assertEquals(isJsonObject(packet.data), true);
      }
    }),
    { seed: SEED, numRuns: 10_000 },
  );
});
