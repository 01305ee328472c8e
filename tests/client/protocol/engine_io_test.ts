/**
 * The Engine.IO codec. Vectors: the test suite of socketio/engine.io-protocol.
 * @module
 */
import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  decodeEnginePacket,
  EnginePacketType,
  parseEngineHandshake,
} from "../../../client/protocol/engine_io.ts";
import { ProtocolError } from "../../../client/protocol/protocol_error.ts";
import { hostileFrame, SEED } from "../support/mutated_frames.ts";
import { encodeEnginePacket } from "../support/packet_encoders.ts";

const { OPEN, CLOSE, PING, PONG, MESSAGE, UPGRADE, NOOP } = EnginePacketType;

const vectors: readonly [frame: string, type: EnginePacketType, data: string][] = [
  ['0{"sid":"x"}', OPEN, '{"sid":"x"}'],
  ["1", CLOSE, ""],
  ["2", PING, ""],
  ["2probe", PING, "probe"],
  ["3", PONG, ""],
  ["3probe", PONG, "probe"],
  ["4", MESSAGE, ""],
  ["4hello", MESSAGE, "hello"],
  ["4€€€€", MESSAGE, "€€€€"],
  ["4 a \n", MESSAGE, " a \n"],
  ["5", UPGRADE, ""],
  ["6", NOOP, ""],
];

for (const [frame, type, data] of vectors) {
  Deno.test(`the Engine.IO frame ${JSON.stringify(frame)} is decoded and encoded`, () => {
    assertEquals(decodeEnginePacket(frame), { type, data });
    assertEquals(encodeEnginePacket({ type, data }), frame);
  });
}

for (const frame of ["", "abc", "7", "9", "/", ":", "b", "bAQIDBA==", " 4", "٤", "\u0000"]) {
  Deno.test(`${JSON.stringify(frame)} is not an Engine.IO frame`, () => {
    assertThrows(() => decodeEnginePacket(frame), ProtocolError);
  });
}

Deno.test("an Engine.IO packet survives encoding and decoding", () => {
  const packet = fc.record({
    type: fc.constantFrom(...Object.values(EnginePacketType)),
    data: fc.string({ unit: "binary" }),
  }, { noNullPrototype: true });
  fc.assert(
    fc.property(packet, (packet) => {
      assertEquals(decodeEnginePacket(encodeEnginePacket(packet)), packet);
    }),
    { seed: SEED, numRuns: 300 },
  );
});

Deno.test("decoding an Engine.IO frame throws only ProtocolError", () => {
  fc.assert(
    fc.property(hostileFrame, (frame) => {
      try {
        const { data } = decodeEnginePacket(frame);
        parseEngineHandshake(data);
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
      }
    }),
    { seed: SEED, numRuns: 5_000 },
  );
});

Deno.test("the open packet of the reference server is parsed", () => {
  const data =
    '{"sid":"lv_VI97HAXpY6yYWAAAB","upgrades":[],"pingInterval":300,"pingTimeout":200,"maxPayload":1000000}';
  assertEquals(parseEngineHandshake(data), {
    pingInterval: 300,
    pingTimeout: 200,
    maxPayload: 1_000_000,
  });
});

const badHandshakes = [
  "",
  "{bad",
  "{}",
  "[]",
  "null",
  '"s"',
  '{"sid":1,"pingInterval":1,"pingTimeout":1}',
  '{"sid":"s","pingTimeout":1}',
  '{"sid":"s","pingInterval":"1","pingTimeout":1}',
  '{"sid":"s","pingInterval":null,"pingTimeout":1}',
  '{"sid":"s","pingInterval":0,"pingTimeout":1}',
  '{"sid":"s","pingInterval":1,"pingTimeout":-1}',
  '{"__proto__":{"sid":"s","pingInterval":1,"pingTimeout":1}}',
];

for (const data of badHandshakes) {
  Deno.test(`${JSON.stringify(data)} is not the data of an open packet`, () => {
    assertThrows(() => parseEngineHandshake(data), ProtocolError);
  });
}
