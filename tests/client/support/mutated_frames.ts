/**
 * Frames of a hostile or broken server: random text, and damaged valid frames.
 * @module
 */
import fc from "fast-check";

/** Valid frames of every packet type. */
export const VALID_FRAMES: readonly string[] = [
  '0{"sid":"s","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}',
  "1",
  "2",
  "2probe",
  "3",
  "6",
  "40",
  '40{"sid":"s"}',
  '40/admin,{"sid":"s"}',
  "41",
  '42["message",{"id":"m","user":{"id":"u","email":"e","display_name":null},"content":"hi","timestamp":"t"}]',
  '42["user_left",{"user":{"id":"u","email":"e"},"timestamp":"t","remaining_connections":1}]',
  '42["display_name_changed",{"user":{"id":"u","email":"e"},"display_name":"n","timestamp":"t"}]',
  '42/admin,456["project:delete",123]',
  '430[{"status":"ok","message_id":"m","timestamp":"t"}]',
  '431[{"error":"bad","code":400}]',
  '44{"message":"Connection rejected by server"}',
  '44"refused"',
  '451-["hello",{"_placeholder":true,"num":0}]',
  '461-2[{"_placeholder":true,"num":0}]',
];

/** Makes the property tests run with the same inputs every time. */
export const SEED = 20_261_123;

const codeUnits = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 30 })
  .map((units) => String.fromCharCode(...units));

const replaced = fc.tuple(fc.nat(200), fc.nat(6), codeUnits);

/** A valid frame with one section replaced. */
const mutated = fc.tuple(fc.constantFrom(...VALID_FRAMES), replaced)
  .map(([frame, [at, length, text]]) => {
    const start = at % (frame.length + 1);
    return frame.slice(0, start) + text + frame.slice(start + length);
  });

const truncated = fc.tuple(fc.constantFrom(...VALID_FRAMES), fc.nat(200))
  .map(([frame, at]) => frame.slice(0, at % (frame.length + 1)));

/** A packet's header, followed by any JSON. */
const misshapen = fc.tuple(
  fc.constantFrom("40", "41", "42", "43", "430", "44", "451-", "461-0", "42/x,1", "0"),
  fc.json({ maxDepth: 3 }),
).map(([head, json]) => head + json);

/** An event that the client knows, with any JSON as its payload. */
const misshapenEvent = fc.tuple(
  fc.constantFrom(
    "authenticated",
    "message",
    "user_joined",
    "user_left",
    "display_name_changed",
    "__proto__",
    "constructor",
    "disconnect",
  ),
  fc.json({ maxDepth: 3 }),
).map(([name, payload]) => `42["${name}",${payload}]`);

/** Any text that may arrive as a frame. */
export const hostileFrame: fc.Arbitrary<string> = fc.oneof(
  codeUnits,
  fc.string(),
  mutated,
  truncated,
  misshapen,
  misshapenEvent,
);
